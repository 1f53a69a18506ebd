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
        var clip = clipNorm is { } normMax ? new NormClip(store, normMax) : null;
        return optimizer switch
        {
            OptimizerKind.Sgd => With(new PlainRule()),
            OptimizerKind.Momentum => With(new MomentumRule(store, nesterov: false)),
            OptimizerKind.Nesterov => With(new MomentumRule(store, nesterov: true)),
            OptimizerKind.Adam => With(new AdamRule(store)),
            OptimizerKind.Adamw => With(new AdamRule(store), weightDecay),
            OptimizerKind.Adagrad => With(new AdagradRule(store)),
            OptimizerKind.Ftrl => new FtrlProximal(start, store, clip, parallel, rate.Peak),
            _ => throw new ArgumentOutOfRangeException(nameof(optimizer), optimizer, "No minibatch optimiser."),
        };

        IMinibatchOptimizer With<TRule>(TRule rule, double decay = 0) where TRule : struct, IUpdateRule =>
            new PenalizedDescent<TRule>(start, store, rule, rate, clip, parallel, decay);
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

    static MinibatchStart StartOf(PenalizedObjective objective, double[] point)
    {
        var shape = objective.Shape;
        var yardstick = new double[shape.FeatureCount + 1];
        Array.Fill(yardstick, 1);
        if (objective.Yardstick.Length > 0) objective.Yardstick.AsSpan(0, shape.FeatureCount).CopyTo(yardstick);
        return new MinibatchStart(
            FeatureOrder.Of(new Parameters(shape, point)), shape.ClassCount, yardstick, objective.Penalty.L2, objective.Penalty.L1);
    }
}
