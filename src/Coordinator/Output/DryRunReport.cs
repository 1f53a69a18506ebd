using DistTrain.Coordinator.Training;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>What train --dry-run prints: the run that it would be.</summary>
static class DryRunReport
{
    public static void Write(TextWriter output, PlannedRun plan)
    {
        output.WriteTopic("dry run", "everything was checked; nothing was trained, nothing written");
        output.WriteTopic("data", DataLine(plan));
        output.WriteTopic("model", ModelLine(plan.Settings.Training, plan.Settings.WorkerCount));
        output.WriteTopic("memory", MemoryLine(plan));
        output.WriteTopic("run", plan.IsThere ? $"{plan.Folder} (as it is)" : $"{plan.Folder} (not made)");
    }

    public static DryRunJson ToJson(PlannedRun plan)
    {
        var (dataset, training) = (plan.Prepared.Dataset, plan.Settings.Training);
        return new DryRunJson
        {
            DryRun = true,
            Run = plan.Folder,
            TrainingRows = dataset.Manifest.TrainingRowCount,
            ValidationRows = dataset.Manifest.ValidationRowCount,
            Features = dataset.Manifest.FeatureCount,
            Classes = dataset.Classes.Names,
            Shards = dataset.Manifest.ShardCount,
            Workers = plan.Settings.WorkerCount,
            Optimizer = Words.Of(training.Optimizer),
            BadRows = plan.Prepared.Input.BadRowCount is > 0 and var bad ? bad : null,
            MemoryBytes = (double)plan.Prepared.Memory.Bytes,
            MemoryLimitBytes = plan.Limit.Bytes,
        };
    }

    static string DataLine(PlannedRun plan)
    {
        var (manifest, classes) = (plan.Prepared.Dataset.Manifest, plan.Prepared.Dataset.Classes);
        return $"{Figures.Count(manifest.TrainingRowCount, "row", "rows")} to train on, {Figures.Count(manifest.ValidationRowCount)} held out, " +
            $"{Figures.Count(manifest.FeatureCount, "feature", "features")}, {Figures.Count(classes.Count)} classes, " +
            $"{Figures.Count(manifest.ShardCount, "shard", "shards")}";
    }

    static string ModelLine(TrainingOptions training, int workerCount)
    {
        var limit = training.MaxStepsInEffect is { } steps
            ? $"at most {Figures.Count(steps, "step", "steps")}"
            : $"at most {Figures.Count(training.Epochs, "epoch", "epochs")}";
        return $"{Words.Of(training.Optimizer)}, {limit}, {Figures.Count(workerCount, "worker", "workers")}";
    }

    static string MemoryLine(PlannedRun plan)
    {
        var memory = plan.Prepared.Memory;
        var largest = memory.Terms.OrderByDescending(term => term.Bytes).Take(3).Select(
            term => $"{term.What} {MemoryEstimate.Size(term.Bytes)}");
        return $"{MemoryEstimate.Size(memory.Bytes)} of {MemoryEstimate.Size(plan.Limit.Bytes)} ({plan.Limit.Origin}); largest: {string.Join(", ", largest)}";
    }
}
