using DistTrain.Learning;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>What each minibatch optimiser is made of, and its own learning rate.</summary>
static class MinibatchRecipes
{
    /// <summary>The optimiser that the options name, at <paramref name="point"/>.</summary>
    public static IMinibatchOptimizer Of(TrainingOptions options, PenalizedObjective objective, double[] point, MinibatchPlan plan, IParallelFor? parallel = null)
    {
        var rate = new LearningRate(
            options.LearningRateInEffect!.Value, options.ScheduleInEffect!.Value, options.Warmup, plan.StepsPerEpoch, plan.StepsTotal);
        return Of(options.Optimizer, StartOf(objective, point), rate, options.ClipNorm, options.WeightDecay, parallel);
    }

    /// <param name="rate">Of FTRL, whose rate falls by itself, only the full rate counts.</param>
    /// <param name="weightDecay">Of AdamW alone.</param>
    /// <param name="parallel">For the features of a step; null: one after the other.</param>
    public static IMinibatchOptimizer Of(
        OptimizerKind optimizer, MinibatchStart start, LearningRate rate, double? clipNorm = null, double weightDecay = 0,
        IParallelFor? parallel = null)
    {
        parallel ??= SerialFor.Instance;
        var store = new FeatureStore(start);
        var (units, none) = (new DivideByYardstick(store), new UpdateChain());
        var clip = clipNorm is { } normMax ? new UpdateChain(units, new ClipByNorm(normMax)) : null;
        if (optimizer == OptimizerKind.Ftrl) return new FtrlProximal(start, store, clip ?? new UpdateChain(units), rate.Peak);

        var core = CoreOf(optimizer, store);
        var decay = optimizer == OptimizerKind.Adamw ? weightDecay : 0;
        return clip is null
            ? new ChainedDescent(start, store, none, new UpdateChain(units, core, units), rate, parallel, decay)
            : new ChainedDescent(start, store, clip, new UpdateChain(core, units), rate, parallel, decay);
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

    static IUpdateTransform CoreOf(OptimizerKind optimizer, FeatureStore store) => optimizer switch
    {
        OptimizerKind.Sgd => new UpdateChain(),
        OptimizerKind.Momentum => new AddMomentum(store, nesterov: false),
        OptimizerKind.Nesterov => new AddMomentum(store, nesterov: true),
        OptimizerKind.Adam or OptimizerKind.Adamw => new ScaleByAdam(store),
        OptimizerKind.Adagrad => new ScaleByAdagrad(store),
        _ => throw new ArgumentOutOfRangeException(nameof(optimizer), optimizer, "No minibatch optimiser."),
    };

    static MinibatchStart StartOf(PenalizedObjective objective, double[] point)
    {
        var shape = objective.Shape;
        var yardstick = new double[shape.FeatureCount + 1];
        objective.Yardstick.AsSpan(0, shape.FeatureCount).CopyTo(yardstick);
        yardstick[^1] = 1;
        return new MinibatchStart(
            FeatureOrder.Of(new Parameters(shape, point)), shape.ClassCount, yardstick, objective.Penalty.L2, objective.Penalty.L1);
    }
}
