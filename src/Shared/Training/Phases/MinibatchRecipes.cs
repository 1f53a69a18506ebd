using DistTrain.Learning;
using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Training.Phases;

/// <summary>What each minibatch optimiser is made of, and its own learning rate.</summary>
static class MinibatchRecipes
{
    /// <summary>The optimiser that the options name, at <paramref name="point"/>.</summary>
    public static IMinibatchOptimizer Of(TrainingOptions options, PenalizedObjective objective, double[] point, MinibatchPlan plan)
    {
        var rate = new LearningRate(
            options.LearningRateInEffect!.Value, options.ScheduleInEffect!.Value, options.Warmup, plan.StepsPerEpoch, plan.StepsTotal);
        return Of(options.Optimizer, StartOf(options, objective, point), rate, options.ClipNorm);
    }

    /// <param name="rate">Of FTRL, whose rate falls by itself, only the full rate counts.</param>
    public static IMinibatchOptimizer Of(OptimizerKind optimizer, MinibatchStart start, LearningRate rate, double? clipNorm)
    {
        IUpdateTransform clip = clipNorm is { } normMax ? new ClipByNorm(normMax) : new UpdateChain();
        return optimizer == OptimizerKind.Ftrl
            ? new FtrlProximal(start, clip, rate.Peak)
            : new ChainedDescent(start, new UpdateChain(start.Units, clip, CoreOf(optimizer, start), start.Units), rate);
    }

    /// <summary>The rate, in units of the columns, and the schedule that an optimiser has by itself; null for those without.</summary>
    public static (double Rate, LearningRateSchedule Schedule)? DefaultsOf(OptimizerKind optimizer) => optimizer switch
    {
        OptimizerKind.Sgd => (1, LearningRateSchedule.Cosine),
        OptimizerKind.Momentum or OptimizerKind.Nesterov => (0.3, LearningRateSchedule.Cosine),
        OptimizerKind.Adam or OptimizerKind.Adamw => (0.05, LearningRateSchedule.Cosine),
        OptimizerKind.Adagrad => (0.2, LearningRateSchedule.Constant),
        OptimizerKind.Ftrl => (1, LearningRateSchedule.Constant),
        _ => null,
    };

    static IUpdateTransform CoreOf(OptimizerKind optimizer, MinibatchStart start) => optimizer switch
    {
        OptimizerKind.Sgd => new UpdateChain(),
        OptimizerKind.Momentum => new AddMomentum(start.FeatureCount + 1, start.ClassCount, nesterov: false),
        OptimizerKind.Nesterov => new AddMomentum(start.FeatureCount + 1, start.ClassCount, nesterov: true),
        OptimizerKind.Adam or OptimizerKind.Adamw => new ScaleByAdam(start.FeatureCount + 1, start.ClassCount),
        OptimizerKind.Adagrad => new ScaleByAdagrad(start.FeatureCount + 1, start.ClassCount),
        _ => throw new ArgumentOutOfRangeException(nameof(optimizer), optimizer, "No minibatch optimiser."),
    };

    static MinibatchStart StartOf(TrainingOptions options, PenalizedObjective objective, double[] point)
    {
        var shape = objective.Shape;
        var yardstick = new double[shape.FeatureCount + 1];
        objective.Yardstick.AsSpan(0, shape.FeatureCount).CopyTo(yardstick);
        yardstick[^1] = 1;
        var decay = options.Optimizer == OptimizerKind.Adamw ? options.WeightDecay : 0;
        return new MinibatchStart(
            FeatureOrder.Of(new Parameters(shape, point)), shape.ClassCount, yardstick, new PenaltyFlow(objective.Penalty.L2, objective.Penalty.L1, decay));
    }
}
