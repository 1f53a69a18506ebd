namespace DistTrain.Learning.Online;

/// <summary>How every shard is passed through once, row after row, by itself (<see cref="Kernels.OnlineKernel"/>).</summary>
/// <param name="Penalty">Of the objective.</param>
/// <param name="LearningRate">η, above 0: how far a coordinate's first step goes, in units of one over the size of its column.</param>
/// <param name="BatchRows">Rows between two steps, at least 1.</param>
public sealed record OnlinePass(Penalty Penalty, double LearningRate, int BatchRows)
{
    /// <summary>
    /// By what scales of sums are divided for the sums of a pass: steps are cut off at this size, so that Σ w|x_d|·step/2²⁰ fits where Σ
    /// w|x_d| does.
    /// </summary>
    public const double MoveMax = 1 << 20;
}
