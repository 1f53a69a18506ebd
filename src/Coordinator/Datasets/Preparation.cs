using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Training;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Samples;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Datasets;

/// <summary>Tables that become a dataset in a folder: there whole, under its name, or not at all.</summary>
/// <param name="Findings">Everything that was detected, guessed or made up, and what is peculiar about the data.</param>
/// <param name="WriteTo">Writes it into a folder.</param>
sealed record Preparation(TrainingInput Input, IReadOnlyList<string> Findings, Func<DatasetFolder, PreparedDataset> WriteTo)
{
    /// <exception cref="DistTrainException">The input cannot be trained on (exit 3, 4), or memory will not suffice (exit 9).</exception>
    /// <exception cref="ProblemsFoundException">Several things about the input.</exception>
    public static Preparation Read(TrainSettings settings, CliEnvironment environment)
    {
        var (limit, origin) = PreparedRun.LimitOf(settings, environment);
        if (RowsToStream(settings, limit) is { } rows) return Stream(rows, settings, environment);
        var input = TrainingInput.Read(settings, environment, quarantine: null, ReadDirectly, limit);
        if (input.Direct is DirectDataset direct) return Held(input, direct.Dataset, direct.Findings);
        if (input.Direct is DirectGroups groups) return Grouped(input, groups.Plan, groups.Findings, groups);

        var plan = input.PlanFor(settings.Dataset)!;
        if (plan.StreamedSize is { } size) return Grouped(input, plan.Streamed(RowBytesOf(plan, size), environment.Parallel), plan.Findings);
        if (ProblemOf(plan.Size) is { } problem) throw problem.AsException();
        return Held(input, plan.Assemble(environment.Parallel), plan.Findings);

        Problem? ProblemOf(DatasetSize size) => MemoryEstimate.OfPreparation(size).ProblemWithin(limit, origin);

        // LIBSVM is made shard by shard in any case: it takes less memory and no longer.
        long RowBytesOf(DatasetPlan plan, DatasetSize size)
        {
            if (ProblemOf(plan.Size) is null) return long.MaxValue;
            var memory = MemoryEstimate.OfRereadPreparation(size, plan.LargestShardRowBytes, environment.Parallel.Degree, limit);
            return memory.ProblemWithin(limit, origin) is { } problem ? throw problem.AsException() : memory.KeptShardBytes;
        }

        DirectlyRead? ReadDirectly(DirectReading reading)
        {
            if (ProblemOf(reading.Size) is null)
            {
                using (reading) return reading.Read();
            }
            var memory = MemoryEstimate.OfGroupedPreparation(reading.Size, reading.LargestShard, environment.Parallel.Degree, limit);
            if (memory.ProblemWithin(limit, origin) is { } problem) throw problem.AsException();
            var groups = reading.ReadGrouped(memory.KeptShardBytes);
            if (groups is null) reading.Dispose();
            return groups;
        }
    }

    /// <param name="text">Open while shards are made; null where it is opened anew.</param>
    static Preparation Grouped(TrainingInput input, StreamedPlan plan, IEnumerable<string> findings, IDisposable? text = null) => new(
        input,
        [
            .. input.Findings, .. findings,
            .. plan.PassCount == 0 ? [] : new[]
            {
                $"memory    shards are made in {Figures.Count(plan.PassCount, "group", "groups")}, and the text is read for each: all rows are more than it holds",
            },
        ],
        folder =>
        {
            using (text) return folder.Write(plan, input.Origin);
        });

    static Preparation Held(TrainingInput input, Dataset dataset, IEnumerable<string> findings) => new(
        input, [.. input.Findings, .. findings],
        folder => new PreparedDataset(dataset.Manifest, dataset.Classes, folder.Write(dataset, input.Origin)));

    /// <summary>The input, where its rows can be made when they are wanted, and memory does not hold them all.</summary>
    static IRowSource? RowsToStream(TrainSettings settings, long limit) =>
        settings is { IsDataset: false, ValidationFile: null, Inputs: [var one] } && InputFiles.IsSample(one)
            && SampleSpec.Parse(InputFiles.SampleOf(one)) is IRowSource rows && MemoryEstimate.OfPreparation(rows.SizeMax).Bytes > limit
            ? rows
            : null;

    static Preparation Stream(IRowSource rows, TrainSettings settings, CliEnvironment environment)
    {
        var (limit, origin) = PreparedRun.LimitOf(settings, environment);
        var memory = MemoryEstimate.OfStreamedPreparation(rows.SizeMax, environment.Parallel.Degree);
        if (memory.ProblemWithin(limit, origin) is { } problem) throw problem.AsException();
        var input = TrainingInput.OfStreamed(rows, settings);
        var plan = GeneratedPlan.Of(rows, settings.Dataset, environment.Parallel);
        string[] findings =
        [
            .. rows.TableOf([0]).Findings,
            "memory    shards are made one after the other: all rows are more than it holds",
        ];
        return new Preparation(input, findings, folder => folder.Write(plan, input.Origin));
    }

    /// <summary>Writes it beside its place, and gives it its name when all is there.</summary>
    /// <param name="shown">The folder as typed; it is not there, or empty.</param>
    public PreparedDataset Write(string shown, CliEnvironment environment)
    {
        var path = environment.FullPath(Path.TrimEndingDirectorySeparator(shown));
        var temporary = DurableFile.TemporaryFor(path);
        try
        {
            var written = WriteTo(new DatasetFolder(Disk.Instance, temporary, shown));
            if (Directory.Exists(path)) Directory.Delete(path);
            Directory.Move(temporary, path);
            Disk.Instance.FlushFolder(Path.GetDirectoryName(path)!);
            return written;
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }
}

/// <summary>A dataset that lies in a folder.</summary>
/// <param name="Manifest">All about it but its rows.</param>
sealed record PreparedDataset(DatasetManifest Manifest, ClassList Classes, WrittenDataset Written);
