using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>
/// The mathematics of a run: optimise; one closing pass in double at the numbers of the model file; the certificate's entropies where
/// λ₂ > 0; metrics of the validation part where there is one; the result.
/// </summary>
public static class Trainer
{
    /// <summary>The first question. Options are taken as checked (<see cref="TrainingOptions.Problems"/>).</summary>
    public static TrainerAnswer Start(DatasetManifest manifest, TrainingOptions options)
    {
        var problem = new TrainingProblem(TrainingStatistics.Of(manifest, options.TargetsOf(manifest)), options.L2);
        return options.Optimizer switch
        {
            OptimizerKind.Lbfgs => FullBatchPhase.Start(
                problem, StartLbfgs(problem), options.MaxStepsInEffect!.Value, options.Tolerance),
            OptimizerKind.Adam => MinibatchPhase.Start(
                problem, StartAdam(problem.Objective, options), MinibatchPlan.Of(manifest, options)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Optimizer, "Unknown optimiser."),
        };
    }

    static Lbfgs StartLbfgs(TrainingProblem problem) => Lbfgs.From(
        problem.Objective.StartingPoint().Values,
        new SoftmaxCurvature(problem.Statistics, problem.Objective.L2),
        problem.Objective.Yardstick);

    static StochasticDescent StartAdam(PenalizedObjective objective, TrainingOptions options) =>
        Adam.From(objective.StartingPoint().Values, objective.Yardstick, options.LearningRate ?? Adam.DefaultLearningRate);
}
