using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>
/// The mathematics of a run: optimise; one closing pass in double at the numbers of the model file; the certificate's entropies where
/// every feature has a penalty; metrics of the validation part where there is one; the result.
/// </summary>
public static class Trainer
{
    /// <summary>The first question. Options are taken as checked (<see cref="TrainingOptions.Problems"/>).</summary>
    public static TrainerAnswer Start(DatasetManifest manifest, TrainingOptions options)
    {
        var problem = new TrainingProblem(manifest, options);
        return options.Optimizer switch
        {
            OptimizerKind.Lbfgs => FullBatchPhase.Start(
                problem, StartQuasiNewton(problem), options.MaxStepsInEffect!.Value, options.Tolerance),
            OptimizerKind.Gd => FullBatchPhase.Start(
                problem, StartGradientDescent(problem.Objective), options.MaxStepsInEffect!.Value, options.Tolerance),
            OptimizerKind.Adam => MinibatchPhase.Start(
                problem, StartAdam(problem.Objective, options), MinibatchPlan.Of(manifest, options)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Optimizer, "Unknown optimiser."),
        };
    }

    static IOptimizer StartQuasiNewton(TrainingProblem problem)
    {
        var objective = problem.Objective;
        var (start, curvature) = (objective.StartingPoint().Values, new SoftmaxCurvature(problem.Manifest, objective.Penalty));
        return objective.Penalty.HasL1
            ? Owlqn.From(start, curvature, objective.L1, objective.Yardstick)
            : Lbfgs.From(start, curvature, objective.Yardstick);
    }

    static OrthantDescent StartGradientDescent(PenalizedObjective objective) =>
        GradientDescent.From(objective.StartingPoint().Values, objective.L1, objective.Yardstick);

    static StochasticDescent StartAdam(PenalizedObjective objective, TrainingOptions options) =>
        Adam.From(objective.StartingPoint().Values, objective.Yardstick, options.LearningRate ?? Adam.DefaultLearningRate);
}
