using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Transcripts;

/// <summary>
/// Plays a transcript: its first line sets the run up, every line "seconds verb arguments" is an event, and the indented lines below it
/// are what the run answers. Lines with # are comments.
/// </summary>
public sealed class TranscriptPlayer
{
    readonly TrainingRunOptions _options;
    TrainingRun _run;
    (EvaluationId Evaluation, Func<TrainerAnswer> Compute)? _advance;
    EvaluationKind _kind;
    long _evaluation;

    TranscriptPlayer(string setup)
    {
        var settings = setup.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Chunk(2).ToDictionary(
            pair => pair[0], pair => pair[1]);
        _options = new TrainingRunOptions
        {
            Run = new RunId("run"),
            Shape = CountingTrainer.Shape,
            TrainingRows = Rows(settings["training"]),
            ValidationRows = settings.TryGetValue("validation", out var validation) ? Rows(validation) : [],
            ArithmeticHash = "hash",
            Audit = settings.TryGetValue("audit", out var share) ? double.Parse(share, CultureInfo.InvariantCulture) : 0,
            AuditSeed = 1,
            CanRecompute = settings.ContainsKey("audit"),
            Dataset = settings.TryGetValue("dataset", out var fingerprint) ? new DatasetOffer(fingerprint, "", "", []) : null,
            MaxTime = settings.TryGetValue("limit", out var limit) ? TimeSpan.FromSeconds(int.Parse(limit, CultureInfo.InvariantCulture)) : null,
            MinWorkers = int.Parse(settings.GetValueOrDefault("min-workers", "1"), CultureInfo.InvariantCulture),
            FirstStep = int.Parse(settings.GetValueOrDefault("first-step", "0"), CultureInfo.InvariantCulture),
            Checkpoints = settings.TryGetValue("checkpoints", out var plan) ? Plan(plan) : null,
        };
        _run = new TrainingRun(
            _options, CountingTrainer.Start(int.Parse(settings.GetValueOrDefault("questions", "2"), CultureInfo.InvariantCulture)));
    }

    /// <summary>The transcript with the answers that the run gives now.</summary>
    public static string Play(string transcript)
    {
        var lines = transcript.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Where(line => !line.StartsWith(' ')).ToArray();
        var player = new TranscriptPlayer(lines.First(line => line.StartsWith("run", StringComparison.Ordinal)));
        return string.Concat(lines.SelectMany(player.Answer).Select(line => line + "\n"));
    }

    IEnumerable<string> Answer(string line)
    {
        yield return line;
        if (line.Length == 0 || !char.IsDigit(line[0])) yield break;

        (_run, var effects) = _run.Handle(EventOf(line.Split(' ')));
        foreach (var effect in effects)
        {
            Follow(effect);
            yield return "    " + EffectText.Of(effect);
        }
    }

    void Follow(TrainingEffect effect)
    {
        if (effect is AdvanceTrainer advance) _advance = (advance.Evaluation, advance.Compute);
        if (effect is StopTrainer stop) _advance = (stop.Evaluation, stop.Compute);
        if (effect is TellWorker { Order: ComputeShards lease }) (_kind, _evaluation) = (lease.Request.Kind, lease.Evaluation.Number);
    }

    TrainingEvent EventOf(string[] words)
    {
        var at = TimeSpan.FromSeconds(double.Parse(words[0], CultureInfo.InvariantCulture));
        string Setting(string name, string otherwise) => Array.IndexOf(words, name) is > 0 and var i ? words[i + 1] : otherwise;
        long Number(string name, long otherwise) =>
            long.Parse(Setting(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        WorkerId Worker() => new(words[2]);
        EvaluationSums Sums(string[] words) => new(new ModelShape(3, (int)Number("features", 4)), _kind)
        {
            Loss = Number("loss", 0),
            NonFinite = words.Contains("non-finite"),
        };
        var (run, term, evaluation) =
            (new RunId(Setting("run", "run")), new Term(Number("term", 1)), new EvaluationId(Number("evaluation", _evaluation)));

        return words[1] switch
        {
            "start" => new RunStarted(at),
            "join" => new WorkerJoined(at, new WorkerJoining(
                Worker(), Number("incarnation", 1), (int)Number("protocol", ProtocolVersion.Current), Setting("hash", "hash"), (int)Number("threads", 1))
            {
                DatasetFingerprint = Array.IndexOf(words, "dataset") > 0 ? Setting("dataset", "") : null,
                Cached = Array.IndexOf(words, "cached") > 0 ? Shards(Setting("cached", "")) : ShardSet.Empty,
            }),
            "lose" => new WorkerLost(at, Worker(), Number("incarnation", 1), "it ended"),
            "answer" => new ContributionReceived(at, new ContributionComputed(run, term, evaluation, Worker(), new Contribution(
                Shards(words[3]), Sums(words)))),
            "combined" => Combined(at, new ContributionComputed(
                run, term, evaluation, Worker(), new Contribution(ShardSet.Empty, Sums(words))), words),
            "fail" => new ComputeFailureReceived(at, new ComputeFailed(run, term, evaluation, Worker(), Shards(words[3]), "disk error")),
            "return" => new ShardsGivenBack(at, new ShardsReturned(run, term, evaluation, Worker(), Shards(words[3]))),
            "recompute" => new ShardRecomputed(at, evaluation, new ShardId(int.Parse(words[2], CultureInfo.InvariantCulture)), Sums(words)),
            "recompute-fails" => new RecomputeFailed(at, evaluation, new Problem("DT1104", ExitCode.OurMistake, "torn")),
            "busy" => new WorkHeard(at, new WorkGoesOn(run, term, evaluation, Worker())),
            "miss" => new ParametersMissed(at, new ParametersMissing(run, term, evaluation, Worker(), 0)),
            "advance" => new TrainerAdvanced(at, _advance!.Value.Evaluation, _advance.Value.Compute()),
            "trainer-fails" => new TrainerFailed(at, _advance!.Value.Evaluation, new Problem("DT6001", ExitCode.Diverged, "the objective is not finite")),
            "saved" => new CheckpointSaved(at, int.Parse(words[2], CultureInfo.InvariantCulture), 1000, TimeSpan.FromSeconds(0.1)),
            "missed" => new CheckpointMissed(at, int.Parse(words[2], CultureInfo.InvariantCulture), "the disk is full"),
            "overtaken" => new TermOvertaken(at, new Problem("DT5002", ExitCode.Cluster, "another process goes on")),
            "timer" => new TimerElapsed(at, Enum.Parse<TrainingTimer>(words[2])),
            "stop" => new StopRequested(at, Interrupted("DT1300", "stopped by Ctrl-C")),
            var unknown => throw new ArgumentException($"Unknown event {unknown}.", nameof(words)),
        };
    }

    /// <summary>Words such as "a:0,3" say who computed what of an answer.</summary>
    static ContributionReceived Combined(TimeSpan at, ContributionComputed answer, string[] words)
    {
        var parts = ImmutableArray.CreateRange(words.Where(word => word.Contains(':')).Select(word => word.Split(':')).Select(
            pair => new ContributionPart(new WorkerId(pair[0]), Shards(pair[1]))));
        var shards = parts.Aggregate(ShardSet.Empty, (all, part) => all.Union(part.Shards));
        return new(at, answer with { Contribution = answer.Contribution with { Shards = shards }, Parts = parts });
    }

    /// <summary>"2steps", or seconds.</summary>
    static CheckpointPlan Plan(string text) => text.EndsWith("steps", StringComparison.Ordinal)
        ? new CheckpointPlan { Interval = null, Steps = int.Parse(text[..^"steps".Length], CultureInfo.InvariantCulture) }
        : new CheckpointPlan { Interval = TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture)) };

    static Problem Interrupted(string code, string message) => new(code, ExitCode.Interrupted, message);

    static ShardSet Shards(string list) =>
        ShardSet.Of(list.Split(',').Select(shard => new ShardId(int.Parse(shard, CultureInfo.InvariantCulture))));

    static ImmutableArray<int> Rows(string list) =>
        [.. list.Split(',').Select(rows => int.Parse(rows, CultureInfo.InvariantCulture))];
}
