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
        var problem = new TrainingProblem(manifest, options.L2);
        return options.Optimizer switch
        {
            OptimizerKind.Lbfgs => FullBatchPhase.Start(
                problem, StartLbfgs(problem), options.MaxStepsInEffect!.Value, options.Tolerance),
            _ => StartMinibatch(problem, options),
        };
    }

    static Lbfgs StartLbfgs(TrainingProblem problem) => Lbfgs.From(
        problem.Objective.StartingPoint().Values,
        new SoftmaxCurvature(problem.Manifest, problem.Objective.L2),
        problem.Objective.Yardstick);

    static TrainerAnswer StartMinibatch(TrainingProblem problem, TrainingOptions options)
    {
        var plan = MinibatchPlan.Of(problem.Manifest, options);
        return MinibatchPhase.Start(problem, MinibatchRecipes.Of(options, problem.Objective, plan), plan);
    }
}
