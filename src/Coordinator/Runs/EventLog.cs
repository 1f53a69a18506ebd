using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Training;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Runs;

/// <summary>events.jsonl: what happened, one JSON object a line, written as it happens.</summary>
/// <param name="stream">Can seek. Every line goes to its end, wherever that is then: another process may have followed this one.</param>
/// <param name="keepsBatches">
/// Whether evaluations of batches are told too, with the workers whose sums count; the step that follows says the rest.
/// </param>
sealed class EventLog(Stream stream, bool keepsBatches = false) : INoticeSink, IDisposable
{
    /// <summary>Who is named where the coordinator itself has computed.</summary>
    public const string CoordinatorName = "(coordinator)";

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    readonly ArrayBufferWriter<byte> _line = new();
    readonly Lock _lock = new();

    /// <summary>The reign that all is told of; null before it has begun.</summary>
    Term? _term;

    public void Take(DateTimeOffset time, TrainingNotice notice)
    {
        switch (notice)
        {
            case WorkerJoinedNotice joined: Write(time, "workerJoined", json => Fields(json, joined)); break;
            case WorkerRefusedNotice refused: Write(time, "workerRefused", json => Fields(json, refused)); break;
            case WorkerLostNotice lost: Write(time, "workerLost", json => Fields(json, lost)); break;
            case LeaseMovedNotice moved: Write(time, "leaseMoved", json => Fields(json, moved)); break;
            case WorkerFaultyNotice faulty: Write(time, "workerFaulty", json => Fields(json, faulty)); break;
            case ContributionRefusedNotice refused: Write(time, "contributionRefused", json => Fields(json, refused)); break;
            case EvaluationFinishedNotice { Kind: EvaluationKind.Batch } when !keepsBatches: break; // The step that follows says the same.
            case EvaluationFinishedNotice finished: Write(time, "evaluation", json => Fields(json, finished)); break;
            case StepTakenNotice step: Write(time, "step", json => Fields(json, step)); break;
            case CheckpointSavedNotice saved: Write(time, "checkpoint", json => Fields(json, saved)); break;
            case CheckpointMissedNotice missed: Write(time, "checkpointMissed", json => Fields(json, missed)); break;
            case ValidationWatchedNotice watched: Write(time, "validation", json => Fields(json, watched)); break;
            case CertificateTriedNotice tried: Write(time, "certificate", json => Fields(json, tried)); break;
            case PathPointNotice path: Write(time, "pathPoint", json => Fields(json, path.Point)); break;
            case TimeRanOutNotice ended: Write(time, "timeRanOut", json => json.WriteNumber("seconds", ended.Elapsed.TotalSeconds)); break;
            case RunFinishedNotice finished: Write(time, "finished", json => Fields(json, finished)); break;
            case RunFailedNotice { Problem.IsStop: true }: break; // Whoever handles the signal tells of it.
            case RunFailedNotice failed: Write(time, "failed", json => Fields(json, failed.Problem)); break;
            default: Write(time, notice.GetType().Name, _ => { }); break;
        }
    }

    /// <summary>Of a run that goes on: what was cut off by a crash in the middle of its line is dropped.</summary>
    public static EventLog Append(string path, bool keepsBatches = false)
    {
        var stream = Open(path, FileMode.OpenOrCreate);
        var end = stream.Length;
        while (end > 0 && ByteAt(stream, end - 1) != '\n') end--;
        if (end < stream.Length) stream.SetLength(end);
        return new EventLog(stream, keepsBatches);
    }

    /// <summary>Of a run that begins anew whatever was there.</summary>
    public static EventLog Create(string path) => new(Open(path, FileMode.Create));

    /// <summary>The run begins.</summary>
    public void Started(DateTimeOffset time, Term term, string datasetFingerprint, int workerCount) =>
        Begin(time, "started", term, json => WriteStart(json, term, datasetFingerprint, workerCount));

    /// <summary>The run goes on from a step.</summary>
    /// <param name="checkpoint">Null where it begins again for want of one.</param>
    public void Resumed(DateTimeOffset time, Term term, string datasetFingerprint, int workerCount, int step, string? checkpoint) =>
        Begin(time, "resumed", term, json =>
        {
            json.WriteNumber("step", step);
            if (checkpoint is not null) json.WriteString("checkpoint", checkpoint);
            WriteStart(json, term, datasetFingerprint, workerCount);
        });

    /// <summary>The run ends by a signal.</summary>
    public void Stopped(DateTimeOffset time, ExitCode signal, int step) => Write(time, "stopped", json =>
    {
        json.WriteString("signal", StopSignal.NameOf(signal));
        json.WriteNumber("step", step);
    });

    /// <summary>The run ends by a mistake of ours.</summary>
    public void Failed(DateTimeOffset time, Problem problem) => Write(time, "failed", json => Fields(json, problem));

    public void Dispose() => stream.Dispose();

    static void WriteStart(Utf8JsonWriter json, Term term, string datasetFingerprint, int workerCount)
    {
        json.WriteNumber("term", term.Number);
        json.WriteString("version", Product.Version);
        json.WriteString("dataset", datasetFingerprint);
        json.WriteNumber("workers", workerCount);
    }

    /// <summary>Without a buffer: a line is written at once, and one that a full disk did not take is not tried again on closing.</summary>
    static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    static int ByteAt(FileStream stream, long position)
    {
        stream.Position = position;
        return stream.ReadByte();
    }

    static void Fields(Utf8JsonWriter json, CheckpointSavedNotice notice)
    {
        json.WriteNumber("step", notice.Step);
        json.WriteNumber("bytes", notice.ByteCount);
        json.WriteNumber("seconds", notice.Elapsed.TotalSeconds);
    }

    static void Fields(Utf8JsonWriter json, CheckpointMissedNotice notice)
    {
        json.WriteNumber("step", notice.Step);
        json.WriteString("reason", notice.Reason);
    }

    static void Fields(Utf8JsonWriter json, WorkerJoinedNotice notice)
    {
        json.WriteString("worker", notice.Worker);
        json.WriteNumber("threads", notice.Threads);
        json.WriteNumber("workers", notice.WorkerCount);
    }

    static void Fields(Utf8JsonWriter json, WorkerRefusedNotice notice)
    {
        json.WriteString("worker", notice.Worker);
        json.WriteString("reason", notice.Reason);
    }

    static void Fields(Utf8JsonWriter json, WorkerLostNotice notice)
    {
        json.WriteString("worker", notice.Worker);
        json.WriteString("reason", notice.Reason);
        json.WriteNumber("shardsMoved", notice.ShardsMoved);
        json.WriteNumber("workers", notice.WorkerCount);
    }

    static void Fields(Utf8JsonWriter json, LeaseMovedNotice notice)
    {
        json.WriteNumber("evaluation", notice.Evaluation);
        json.WriteString("from", notice.From);
        json.WriteString("to", notice.To);
        json.WriteNumber("shards", notice.ShardCount);
        json.WriteString("reason", Words.Of(notice.Reason));
    }

    static void Fields(Utf8JsonWriter json, WorkerFaultyNotice notice)
    {
        json.WriteNumber("evaluation", notice.Evaluation);
        json.WriteString("worker", notice.Worker);
        json.WriteNumber("shard", notice.Shard);
        if (notice.Unverified is not { } steps) return;
        json.WriteNumber("unverifiedFrom", steps.First);
        json.WriteNumber("unverifiedTo", steps.Last);
    }

    static void Fields(Utf8JsonWriter json, ContributionRefusedNotice notice)
    {
        json.WriteNumber("evaluation", notice.Evaluation);
        json.WriteString("worker", notice.Worker);
        json.WriteString("reason", notice.Reason);
    }

    static void Fields(Utf8JsonWriter json, EvaluationFinishedNotice notice)
    {
        json.WriteNumber("evaluation", notice.Evaluation);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString()));
        json.WriteString("part", JsonNamingPolicy.CamelCase.ConvertName(notice.Part.ToString()));
        json.WriteNumber("rows", notice.RowCount);
        json.WriteNumber("seconds", notice.Elapsed.TotalSeconds);
        json.WriteNumber("workers", notice.WorkerCount);
        json.WriteNumber("shardCount", notice.Shards.Count);
        if (notice.Kind == EvaluationKind.Batch) json.WriteString("shards", notice.Shards.ToRuns());
        if (notice.AuditedCount > 0) json.WriteNumber("audited", notice.AuditedCount);
        json.WriteStartObject("accepted");
        foreach (var worker in notice.Accepted.GroupBy(accepted => accepted.Worker))
        {
            // One contribution after the other, not their union: a shard that counted twice would show.
            json.WriteString(worker.Key ?? CoordinatorName, string.Join(',', worker.Select(accepted => accepted.Shards.ToRuns())));
        }
        json.WriteEndObject();
    }

    static void Fields(Utf8JsonWriter json, StepTakenNotice notice)
    {
        var step = notice.Summary;
        json.WriteNumber("step", step.Step);
        json.WriteNumber("evaluations", step.Evaluations);
        json.WriteNumber("epochs", step.Epochs);
        WriteFinite(json, "objective", step.Objective);
        if (step.GradientMax is { } gradient) WriteFinite(json, "gradientMax", gradient);
        json.WriteNumber("seconds", notice.Elapsed.TotalSeconds);
        json.WriteNumber("workers", notice.WorkerCount);
    }

    static void Fields(Utf8JsonWriter json, ValidationWatchedNotice notice)
    {
        json.WriteNumber("step", notice.Step);
        json.WriteNumber("epochs", notice.Epochs);
        WriteFinite(json, "logLoss", notice.LogLoss);
        json.WriteBoolean("best", notice.IsBest);
    }

    static void Fields(Utf8JsonWriter json, CertificateTriedNotice notice)
    {
        json.WriteNumber("step", notice.Step);
        WriteFinite(json, "suboptimalityBound", notice.Bound);
    }

    static void Fields(Utf8JsonWriter json, PathPoint point)
    {
        json.WriteNumber("l2", point.L2);
        json.WriteNumber("steps", point.Steps);
        json.WriteNumber("evaluations", point.Evaluations);
        json.WriteString("stoppedBy", Words.Of(point.StoppedBy));
        if (point.Objective is { } objective) WriteFinite(json, "objective", objective);
        WriteFinite(json, "logLoss", point.LogLoss);
        json.WriteNumber("accuracy", point.Accuracy);
        json.WriteNumber("macroF1", point.MacroF1);
    }

    static void Fields(Utf8JsonWriter json, RunFinishedNotice notice)
    {
        var result = notice.Result;
        json.WriteNumber("step", result.Steps);
        json.WriteNumber("evaluations", result.Evaluations);
        json.WriteString("stoppedBy", Words.Of(result.StoppedBy));
        WriteFinite(json, "objective", result.Objective);
        if (result.SuboptimalityBound is { } bound) WriteFinite(json, "suboptimalityBound", bound);
        json.WriteNumber("seconds", notice.Elapsed.TotalSeconds);
    }

    static void Fields(Utf8JsonWriter json, Problem problem)
    {
        json.WriteString("code", problem.Code);
        json.WriteString("message", problem.Message);
    }

    // JSON has no infinities; a number that is none is absent.
    static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
    }

    void Begin(DateTimeOffset time, string name, Term term, Action<Utf8JsonWriter> writeFields)
    {
        Write(time, name, writeFields);
        _term = term;
    }

    void Write(DateTimeOffset time, string name, Action<Utf8JsonWriter> writeFields)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, JsonLines.OneLine))
            {
                json.WriteStartObject();
                json.WriteString("time", time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
                json.WriteString("event", name);
                if (_term is { } term && name is not ("started" or "resumed")) json.WriteNumber("term", term.Number);
                writeFields(json);
                json.WriteEndObject();
            }
            _line.Write("\n"u8);
            stream.Seek(0, SeekOrigin.End);
            stream.Write(_line.WrittenSpan);
            stream.Flush();
        }
    }
}
