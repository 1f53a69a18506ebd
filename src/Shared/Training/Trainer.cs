using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>
/// The mathematics of a run: optimise; one closing pass in double at the numbers of the model file; the certificate's entropies where
/// every feature has a penalty; metrics and ranking of the validation part where there is one; the temperature where asked for; the result.
/// </summary>
public static class Trainer
{
    /// <summary>The first question. Options are taken as checked (<see cref="TrainingOptions.Problems"/>).</summary>
    /// <param name="initial">
    /// Where to start, of the dataset's shape and for its centred features; null: weights 0, intercepts at the log prior.
    /// </param>
    /// <param name="parallel">For vectors of the size of the model; null: all on the caller's thread. Bits are the same.</param>
    public static TrainerAnswer Start(
        DatasetManifest manifest, TrainingOptions options, Parameters? initial = null, IParallelFor? parallel = null) =>
        PhasedTrainer.Start(new TrainingPlan(manifest, options, initial, parallel ?? SerialFor.Instance).Start());

    /// <summary>
    /// The question that a trainer asked right after the step at which it was saved (<see cref="ITrainer.Save"/>), of the same manifest
    /// and options; limits and tolerance may differ.
    /// </summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such a trainer.</exception>
    public static TrainerAnswer Resume(
        DatasetManifest manifest, TrainingOptions options, StateReader saved, IParallelFor? parallel = null)
    {
        var plan = new TrainingPlan(manifest, options, initial: null, parallel ?? SerialFor.Instance);
        return saved.ReadString() switch
        {
            PhasedTrainer.Tag => PhasedTrainer.Resume(plan.Start(), saved),
            ClosingPhase.Tag => ClosingPhase.Resume(plan, saved),
            var other => throw new InvalidDataException($"the state is of \"{other}\", which a trainer does not have"),
        };
    }
}
