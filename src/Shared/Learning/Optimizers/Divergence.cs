using DistTrain.Problems;

namespace DistTrain.Learning.Optimizers;

/// <summary>The one problem of training that numbers themselves can cause.</summary>
public static class Divergence
{
    /// <summary>DT6001.</summary>
    /// <param name="place">Where, as in "the starting point".</param>
    public static Problem At(string place) => new(
        "DT6001", ExitCode.Diverged, $"training diverged: loss or gradient at {place} is not finite",
        "expected: finite numbers at every step",
        "fix: a smaller --learning-rate, a larger --l2, or features of smaller size");
}
