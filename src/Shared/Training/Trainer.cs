using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>
/// The mathematics of a run: optimise; one closing pass in double at the numbers of the model file; the certificate's entropies where
/// λ₂ > 0; metrics of the validation part where there is one; the result.
/// </summary>
public static class Trainer
{
    /// <summary>The first question. Options are taken as checked (<see cref="TrainingOptions.Problems"/>).</summary>
    /// <param name="initial">Where to start, of the dataset's shape and for its centred features; null: weights 0, intercepts at the log prior.</param>
    public static TrainerAnswer Start(DatasetManifest manifest, TrainingOptions options, Parameters? initial = null)
    {
        var problem = new TrainingProblem(manifest, options);
        var start = initial ?? problem.Objective.StartingPoint();
        return options.Optimizer switch
        {
            OptimizerKind.Lbfgs => FullBatchPhase.Start(
                problem, LbfgsAt(start, problem), options.MaxStepsInEffect!.Value, options.Tolerance),
            _ => MinibatchPhase.Start(problem, MinibatchAt(start, problem, options), MinibatchPlan.Of(manifest, options)),
        };
    }

    /// <summary>
    /// The question that a trainer asked right after the step at which it was saved (<see cref="ITrainer.Save"/>), of the same manifest
    /// and options; limits and tolerance may differ.
    /// </summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such a trainer.</exception>
    public static TrainerAnswer Resume(DatasetManifest manifest, TrainingOptions options, StateReader saved)
    {
        var problem = new TrainingProblem(manifest, options);
        var start = problem.Objective.StartingPoint();
        return (saved.ReadString(), options.Optimizer) switch
        {
            (FullBatchPhase.Tag, OptimizerKind.Lbfgs) => FullBatchPhase.Resume(
                problem, LbfgsAt(start, problem), options.MaxStepsInEffect!.Value, options.Tolerance, saved),
            (MinibatchPhase.Tag, not OptimizerKind.Lbfgs) => MinibatchPhase.Resume(
                problem, MinibatchAt(start, problem, options), MinibatchPlan.Of(manifest, options), saved),
            (ClosingPhase.Tag, _) => ClosingPhase.Resume(problem, saved),
            var (phase, optimizer) => throw new InvalidDataException($"the state is of phase \"{phase}\", which {optimizer} does not have"),
        };
    }

    static Lbfgs LbfgsAt(Parameters start, TrainingProblem problem) => Lbfgs.From(
        start.Values, new SoftmaxCurvature(problem.Manifest, problem.Objective.L2), problem.Objective.Yardstick);

    static IMinibatchOptimizer MinibatchAt(Parameters start, TrainingProblem problem, TrainingOptions options) =>
        MinibatchRecipes.Of(options, problem.Objective, start, MinibatchPlan.Of(problem.Manifest, options));
}
