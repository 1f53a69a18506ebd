using System.Runtime.Intrinsics;
using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;

public sealed class PenaltyFlowTests
{
    [Theory]
    [InlineData(0.3, 0.0, 0.0)]
    [InlineData(0.0, 0.2, 0.0)]
    [InlineData(0.3, 0.2, 0.0)]
    [InlineData(0.3, 0.2, 0.1)]
    [InlineData(1e-9, 0.2, 0.0)]
    public void A_flow_may_be_taken_in_any_pieces(double l2, double l1, double decay)
    {
        var flow = new PenaltyFlow(l2, l1, decay);
        foreach (var weight in (double[])[3, -3, 0.05, 0])
        {
            var whole = Flow(flow, weight, 2);
            var pieces = weight;
            for (var i = 0; i < 400; i++) pieces = Flow(flow, pieces, 0.005);

            Assert.Equal(whole, pieces, 1e-13);
            Assert.Equal(BySmallSteps(weight, l2, l1, decay, 2), whole, 1e-4);
        }
    }

    /// <summary>λ₂ = 0: soft thresholding by λ₁·s·h. λ₁ = 0: e^(−λ₂·s·h).</summary>
    [Fact]
    public void The_two_penalties_alone_have_their_known_forms()
    {
        Assert.Equal(1.4, Flow(new PenaltyFlow(0, 0.3), 2, 1, size: 2), 1e-15);
        Assert.Equal(-1.4, Flow(new PenaltyFlow(0, 0.3), -2, 1, size: 2), 1e-15);
        Assert.Equal(0, Flow(new PenaltyFlow(0, 0.3), 0.5, 1, size: 2));
        Assert.Equal(2 * Math.Exp(-0.6), Flow(new PenaltyFlow(0.3, 0), 2, 1, size: 2), 1e-15);
        Assert.Equal(2 * Math.Exp(-60), Flow(new PenaltyFlow(0.3, 0), 2, 100, size: 2), 1e-30);
    }

    /// <summary>The series and the exponential meet without a jump, and a short flow is w·(1 − ηλ) to first order.</summary>
    [Fact]
    public void Short_flows_are_exact()
    {
        Assert.Equal(Math.Exp(-0.25), Flow(new PenaltyFlow(0.25, 0), 1, 1), 1e-15);
        Assert.Equal(Math.Exp(-0.2500001), Flow(new PenaltyFlow(0.2500001, 0), 1, 1), 1e-15);
        Assert.Equal(1e-12, 1 - Flow(new PenaltyFlow(1e-12, 0), 1, 1), 1e-15);
    }

    [Fact]
    public void The_value_is_that_of_the_objective_without_decay() =>
        Assert.Equal(0.5 / 2 * (4 + 1) + 0.25 * (2 + 1), new PenaltyFlow(0.5, 0.25, Decay: 7).ValueOf([2, -1]));

    [Fact]
    public void Lanes_do_not_mind_each_other()
    {
        var flow = new PenaltyFlow(0.3, 0.2);
        var (weights, sizes) = (Vector256.Create(3, -0.01, 0, -2.0), Vector256.Create(1, 2, 3, 1e10));
        var (flowed, values) = (flow.Flow(weights, sizes, 0.7), flow.ValueOf(weights));
        for (var lane = 0; lane < 4; lane++)
        {
            Assert.Equal(Flow(flow, weights[lane], 0.7, sizes[lane]), flowed[lane]);
            Assert.Equal(flow.ValueOf([weights[lane]]), values[lane], 1e-15);
        }
    }

    static double Flow(PenaltyFlow flow, double weight, double length, double size = 1) =>
        flow.Flow(Vector256.Create(weight), Vector256.Create(size), length)[0];

    static double BySmallSteps(double w, double l2, double l1, double decay, double length)
    {
        const int Steps = 100_000;
        var h = length / Steps;
        for (var i = 0; i < Steps; i++)
        {
            var size = Math.Abs(w) - h * ((l2 + decay) * Math.Abs(w) + l1);
            w = size > 0 ? Math.CopySign(size, w) : 0;
        }
        return w;
    }
}
