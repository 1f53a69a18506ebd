using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Training.Phases;

/// <summary>How the batches of a run follow each other, and when they end.</summary>
/// <param name="StepsPerEpoch">T = ⌈rows / batch size⌉.</param>
sealed record MinibatchPlan(int StepsPerEpoch, int Epochs, int? StepsMax, ulong Seed)
{
    public static MinibatchPlan Of(DatasetManifest manifest, TrainingOptions options) => new(
        Math.Max(1, (int)(((long)manifest.TrainingRowCount + options.BatchSize - 1) / options.BatchSize)),
        options.Epochs, options.MaxSteps, options.Seed);

    /// <summary>Steps of the whole run.</summary>
    public int StepsTotal => (int)Math.Min(StepsMax ?? int.MaxValue, (long)Epochs * StepsPerEpoch);

    /// <summary>The position of batch <paramref name="index"/> of the run, from 0.</summary>
    public BatchPosition Position(int index) => new(index / StepsPerEpoch, index % StepsPerEpoch, StepsPerEpoch, Seed);

    /// <summary>Why no further batch is asked for; null while one is.</summary>
    public StoppedBy? EndOf(TrainingProgress progress) =>
        progress.Steps >= StepsMax ? StoppedBy.Steps
        : progress.Evaluations >= (long)Epochs * StepsPerEpoch ? StoppedBy.Epochs
        : null;
}
