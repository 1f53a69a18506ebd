using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Training.Phases;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;

/// <summary>Steps that look at touched features alone end where steps that go over all of them do.</summary>
public sealed class LazyPenaltyTests(ITestOutputHelper output)
{
    const int FeatureCount = 60;
    const int ClassCount = 3;
    const int StepCount = 300;

    public static TheoryData<OptimizerKind, LearningRateSchedule, double> Cases
    {
        get
        {
            var cases = new TheoryData<OptimizerKind, LearningRateSchedule, double>();
            foreach (var kind in Enum.GetValues<OptimizerKind>().Where(kind => MinibatchRecipes.DefaultsOf(kind) is not null))
            {
                foreach (var schedule in Enum.GetValues<LearningRateSchedule>())
                {
                    if (kind != OptimizerKind.Ftrl || schedule == LearningRateSchedule.Constant)
                    {
                        cases.Add(kind, schedule, 0);
                        cases.Add(kind, schedule, 0.003);
                    }
                }
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Lazy_steps_end_where_eager_ones_do(OptimizerKind kind, LearningRateSchedule schedule, double l1)
    {
        var (lazy, eager) = Pair(kind, schedule, l1);
        var random = new CounterRandom(11, 1);
        for (var step = 0; step < StepCount; step++)
        {
            var features = Touched(ref random);
            var dense = Gradient(features, eager.Weights, ref random);
            lazy.Descend(PlainGradient.Of(features, GradientAt(features, lazy, dense, eager.Weights)));
            eager.Step(dense);
        }

        var weights = All(lazy);
        var scale = eager.Weights.Max(Math.Abs);
        var error = weights.Zip(eager.Weights, (a, b) => Math.Abs(a - b)).Max() / scale;
        output.WriteLine($"{kind} {schedule} λ₁ = {l1}: {error:E1} of {scale:F3}, {weights.Count(w => w == 0)} zeros");
        Assert.InRange(error, 0, 1e-9);
        if (l1 > 0) Assert.Contains(0.0, weights[..^ClassCount]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_saved_optimiser_goes_on_with_the_same_bits(OptimizerKind kind, LearningRateSchedule schedule, double l1)
    {
        var undisturbed = Pair(kind, schedule, l1).Lazy;
        var other = Pair(kind, schedule, l1).Lazy;
        var random = new CounterRandom(12, 1);
        for (var step = 0; step < 60; step++)
        {
            var features = Touched(ref random);
            var gradient = Gradient(features, All(undisturbed), ref random);
            var given = features.SelectMany(f => gradient.AsSpan(f * ClassCount, ClassCount).ToArray()).ToArray();
            undisturbed.Descend(PlainGradient.Of(features, given));
            other.Descend(PlainGradient.Of(features, given));
            if (step % 20 != 10) continue;

            using var stream = Saved.Of(other.Save);
            other = Pair(kind, schedule, l1).Lazy;
            other.Restore(new DistTrain.Formats.State.StateReader(stream));
        }

        Assert.Equal(undisturbed.StepCount, other.StepCount);
        Assert.Equal(All(undisturbed).Select(BitConverter.DoubleToInt64Bits), All(other).Select(BitConverter.DoubleToInt64Bits));
    }

    /// <summary>Several chunks of features, in the usual order and backwards.</summary>
    [Theory, InlineData(OptimizerKind.Adagrad), InlineData(OptimizerKind.Momentum), InlineData(OptimizerKind.Adamw)]
    public void The_order_in_which_chunks_are_taken_changes_no_bit(OptimizerKind kind)
    {
        const int Count = 5000;
        var random = new CounterRandom(15, 1);
        var start = new MinibatchStart(
            [.. Enumerable.Range(0, (Count + 1) * ClassCount).Select(_ => random.NextGaussian())], ClassCount,
            [.. Enumerable.Repeat(1.0, Count + 1)], [.. Enumerable.Repeat(0.01, Count)], [.. Enumerable.Repeat(0.003, Count)]);
        var rate = new LearningRate(0.1, LearningRateSchedule.Constant);
        var (forward, backward) = (MinibatchRecipes.Of(kind, start, rate), MinibatchRecipes.Of(kind, start, rate, parallel: BackwardFor.Instance));
        int[] all = [.. Enumerable.Range(0, Count + 1)];
        for (var step = 0; step < 5; step++)
        {
            int[] features = [.. all.Where(_ => random.NextDouble() < 0.7)];
            double[] given = [.. Enumerable.Range(0, features.Length * ClassCount).Select(_ => random.NextGaussian())];
            Assert.Equal(forward.Descend(PlainGradient.Of(features, given)), backward.Descend(PlainGradient.Of(features, given)));
        }

        var weights = new double[2][];
        foreach (var (i, optimizer) in new[] { forward, backward }.Index())
            optimizer.Read(all, weights[i] = new double[(Count + 1) * ClassCount]);
        Assert.Equal(weights[0].Select(BitConverter.DoubleToInt64Bits), weights[1].Select(BitConverter.DoubleToInt64Bits));
    }

    /// <summary>However classes are packed into lanes, beside other numbers or not, each goes its own way.</summary>
    [Theory, MemberData(nameof(Packings))]
    public void Each_class_goes_as_it_would_alone(OptimizerKind kind, int classCount)
    {
        const int Count = 70;
        var random = new CounterRandom(16, 1);
        var rate = new LearningRate(0.1, LearningRateSchedule.Constant);
        double[] start = [.. Enumerable.Range(0, Count * classCount).Select(_ => random.NextGaussian())];
        var together = Of(start, classCount);
        IMinibatchOptimizer[] alone = [.. Enumerable.Range(0, classCount).Select(k => Of(ClassOf(start, k), 1))];
        for (var step = 0; step < 20; step++)
        {
            int[] features = [.. Enumerable.Range(0, Count).Where(_ => random.NextDouble() < 0.6)];
            double[] given = [.. Enumerable.Range(0, features.Length * classCount).Select(_ => random.NextGaussian())];
            together.Descend(PlainGradient.Of(features, given));
            foreach (var (k, one) in alone.Index()) one.Descend(PlainGradient.Of(features, ClassOf(given, k)));
        }

        var weights = Read(together, classCount);
        foreach (var (k, one) in alone.Index())
        {
            Assert.Equal(Read(one, 1).Select(BitConverter.DoubleToInt64Bits), ClassOf(weights, k).Select(BitConverter.DoubleToInt64Bits));
        }

        IMinibatchOptimizer Of(double[] weights, int classes) => MinibatchRecipes.Of(
            kind,
            new MinibatchStart(
                weights, classes, [.. Enumerable.Range(0, Count).Select(f => f % 7 == 3 ? 5.0 : 1)],
                [.. Enumerable.Repeat(0.01, Count - 1)], [.. Enumerable.Repeat(0.003, Count - 1)]),
            rate, weightDecay: 0.01);

        double[] ClassOf(double[] values, int k) => [.. values.Where((_, i) => i % classCount == k)];

        double[] Read(IMinibatchOptimizer optimizer, int classes)
        {
            var weights = new double[Count * classes];
            optimizer.Read([.. Enumerable.Range(0, Count)], weights);
            return weights;
        }
    }

    public static TheoryData<OptimizerKind, int> Packings
    {
        get
        {
            var packings = new TheoryData<OptimizerKind, int>();
            foreach (var kind in Enum.GetValues<OptimizerKind>().Where(kind => MinibatchRecipes.DefaultsOf(kind) is not null))
            {
                foreach (var classCount in (int[])[2, 3, 4, 5, 11]) packings.Add(kind, classCount);
            }
            return packings;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Weights_read_together_are_those_read_one_by_one(OptimizerKind kind, LearningRateSchedule schedule, double l1)
    {
        var lazy = Pair(kind, schedule, l1).Lazy;
        var random = new CounterRandom(17, 1);
        for (var step = 0; step < 20; step++)
        {
            var features = Touched(ref random);
            var gradient = Gradient(features, All(lazy), ref random);
            lazy.Descend(PlainGradient.Of(features, [.. features.SelectMany(f => gradient.AsSpan(f * ClassCount, ClassCount).ToArray())]));
        }

        var together = All(lazy);
        for (var feature = 0; feature <= FeatureCount; feature++)
        {
            var own = new double[ClassCount];
            lazy.Read([feature], own);
            Assert.Equal(own, together.AsSpan(feature * ClassCount, ClassCount).ToArray());
        }
    }

    [Theory, InlineData(OptimizerKind.Sgd), InlineData(OptimizerKind.Adam), InlineData(OptimizerKind.Ftrl)]
    public void A_norm_that_is_never_reached_changes_no_weight(OptimizerKind kind)
    {
        var plain = Pair(kind, LearningRateSchedule.Constant, 0.003).Lazy;
        var clipped = Pair(kind, LearningRateSchedule.Constant, 0.003, clipNorm: 1e9).Lazy;
        var random = new CounterRandom(14, 1);
        for (var step = 0; step < 50; step++)
        {
            var features = Touched(ref random);
            var gradient = Gradient(features, All(plain), ref random);
            var given = features.SelectMany(f => gradient.AsSpan(f * ClassCount, ClassCount).ToArray()).ToArray();
            plain.Descend(PlainGradient.Of(features, given));
            clipped.Descend(PlainGradient.Of(features, given));
        }

        Assert.Equal(All(plain), All(clipped));
    }

    /// <summary>The penalty that a step reports is that of the weights where its gradient was taken, if all features are touched.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void The_penalty_reported_is_that_of_the_weights_read(OptimizerKind kind, LearningRateSchedule schedule, double l1)
    {
        var lazy = Pair(kind, schedule, l1).Lazy;
        int[] features = [.. Enumerable.Range(0, FeatureCount + 1)];
        var random = new CounterRandom(13, 1);
        for (var step = 0; step < 50; step++)
        {
            var weights = All(lazy);
            var expected = features[..^1].Sum(f => new PenaltyFlow(L2[f], l1).ValueOf(weights.AsSpan(f * ClassCount, ClassCount)));
            Assert.Equal(expected, lazy.Descend(PlainGradient.Of(features, Gradient(features, weights, ref random))), 1e-12);
        }
    }

    static double[] Yardstick { get; } = [.. Enumerable.Range(0, FeatureCount).Select(f => f % 7 == 3 ? 5.0 : 1), 1];

    static double[] L2 { get; } = [.. Enumerable.Range(0, FeatureCount).Select(f => f % 5 == 4 ? 0 : 0.01)];

    static (IMinibatchOptimizer Lazy, EagerTwin Eager) Pair(OptimizerKind kind, LearningRateSchedule schedule, double l1, double? clipNorm = null)
    {
        var random = new CounterRandom(10, 1);
        double[] start = [.. Enumerable.Range(0, (FeatureCount + 1) * ClassCount).Select(_ => random.NextGaussian())];
        double[] l1s = [.. Enumerable.Repeat(l1, FeatureCount)];
        var decay = kind == OptimizerKind.Adamw ? 0.01 : 0;
        var rate = new LearningRate(MinibatchRecipes.DefaultsOf(kind)!.Value.Rate / 2, schedule, 10, 40, StepCount);
        var lazy = MinibatchRecipes.Of(
            kind, new MinibatchStart(start, ClassCount, Yardstick, L2, l1s), rate, clipNorm, decay);
        return (lazy, new EagerTwin(kind, [.. start], ClassCount, Yardstick, L2, l1s, rate, decay));
    }

    /// <summary>Feature j in about one step of 1 + j; the intercepts in each.</summary>
    static int[] Touched(ref CounterRandom random)
    {
        var features = new List<int>();
        for (var f = 0; f < FeatureCount; f++)
        {
            if (random.NextDouble() < 1.0 / (1 + f)) features.Add(f);
        }
        return [.. features, FeatureCount];
    }

    /// <summary>Of Σ (w − c)²/8 with noise, where touched; NaN elsewhere.</summary>
    static double[] Gradient(int[] features, double[] weights, ref CounterRandom random)
    {
        var gradient = new double[weights.Length];
        Array.Fill(gradient, double.NaN);
        foreach (var f in features)
        {
            for (var k = 0; k < ClassCount; k++)
            {
                var i = f * ClassCount + k;
                gradient[i] = Yardstick[f] * (Yardstick[f] * weights[i] - (f % 3 - 1) * (k - 1) + 0.3 * random.NextGaussian()) / 4;
            }
        }
        return gradient;
    }

    /// <summary>The same function's gradient with the same noise, at the lazy optimiser's own weights.</summary>
    static double[] GradientAt(int[] features, IMinibatchOptimizer lazy, double[] eagerGradient, double[] eagerWeights)
    {
        var values = new double[features.Length * ClassCount];
        lazy.Read(features, values);
        for (var i = 0; i < values.Length; i++)
        {
            var (f, at) = (features[i / ClassCount], features[i / ClassCount] * ClassCount + i % ClassCount);
            values[i] = eagerGradient[at] + Yardstick[f] * Yardstick[f] * (values[i] - eagerWeights[at]) / 4;
        }
        return values;
    }

    static double[] All(IMinibatchOptimizer optimizer)
    {
        var weights = new double[(FeatureCount + 1) * ClassCount];
        optimizer.Read([.. Enumerable.Range(0, FeatureCount + 1)], weights);
        return weights;
    }
}
