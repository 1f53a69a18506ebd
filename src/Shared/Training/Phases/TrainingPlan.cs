using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>The phases that options ask for, put together.</summary>
/// <param name="initial">Where training starts; null: weights 0, intercepts at the log prior.</param>
/// <param name="parallel">For the arithmetic of optimisers.</param>
sealed class TrainingPlan(DatasetManifest manifest, TrainingOptions options, Parameters? initial, IParallelFor parallel)
{
    /// <summary>Online passes of a warm start.</summary>
    const int OnlinePasses = 1;

    readonly LongVectors _vectors = new(parallel);

    /// <summary>The whole of training, at its beginning.</summary>
    public IPhase Start() => options.L2Path.IsEmpty ? Start(options.L2, null) : PathPhase.Start(this, options.L2Path);

    /// <summary>Training with one penalty.</summary>
    /// <param name="point">Where it starts; null: where training starts.</param>
    public IPhase Start(double l2, double[]? point)
    {
        var problem = ProblemOf(l2);
        var phase = point is null && options.WarmStart is WarmStartKind.Online
            ? WarmStartPhase.Start(
                problem, problem.Objective.StartingPoint(initial).Values, OnlinePasses, start => OptimizerPhase(problem, start))
            : OptimizerPhase(problem, point ?? problem.Objective.StartingPoint(initial).Values);
        if (options.Suboptimality is { } target) phase = CertifiedPhase.Start(problem, phase, target);
        return options.Patience is { } patience ? WatchedPhase.Start(problem, phase, patience) : phase;
    }

    /// <summary>What is minimised with a penalty.</summary>
    public TrainingProblem ProblemOf(double l2) => new(manifest, options with { L2 = l2 }, _vectors);

    IPhase OptimizerPhase(TrainingProblem problem, double[] start) => options.Optimizer switch
    {
        OptimizerKind.Lbfgs => FullBatch(problem, QuasiNewtonAt(start, problem)),
        OptimizerKind.Gd => FullBatch(problem, GradientDescent.From(start, problem.Objective.L1, problem.Objective.Yardstick, _vectors)),
        _ => StartMinibatch(problem, start),
    };

    FullBatchPhase FullBatch(TrainingProblem problem, IOptimizer optimizer) =>
        FullBatchPhase.Start(problem, optimizer, options.MaxStepsInEffect!.Value, options.Tolerance);

    IOptimizer QuasiNewtonAt(double[] start, TrainingProblem problem)
    {
        var objective = problem.Objective;
        var curvature = new SoftmaxCurvature(problem.Statistics, objective.Penalty, _vectors.Parallel);
        return objective.Penalty.HasL1
            ? Owlqn.From(start, curvature, objective.L1, objective.Yardstick, _vectors)
            : Lbfgs.From(start, curvature, objective.Yardstick, _vectors);
    }

    GuardedPhase StartMinibatch(TrainingProblem problem, double[] start)
    {
        var plan = MinibatchPlan.Of(manifest, options);
        var phase = MinibatchPhase.Start(problem, MinibatchRecipes.Of(options, problem.Objective, start, plan, problem.Parallel), plan);
        return GuardedPhase.Start(problem, phase);
    }
}
