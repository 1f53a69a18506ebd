using System.Globalization;
using DistTrain.Problems;

namespace DistTrain.Learning.Optimizers;

/// <summary>The problems of training that numbers themselves can cause.</summary>
public static class Divergence
{
    /// <summary>DT6001.</summary>
    /// <param name="place">Where, as in "the starting point".</param>
    public static Problem At(string place) => new(
        "DT6001", ExitCode.Diverged, $"training diverged: loss or gradient at {place} is not finite",
        "expected: finite numbers at every step",
        Fix);

    /// <summary>DT6002.</summary>
    /// <param name="place">When, as in "epoch 3".</param>
    public static Problem Growing(string place, double objective, double start) => new(
        "DT6002", ExitCode.Diverged,
        $"training diverged: the objective is {Rough(objective)} {place}, {Rough(objective / start)} times that of the start",
        "expected: an objective that falls, or does not rise for long",
        Fix);

    /// <summary>Three digits or four: "30", "1.1e6".</summary>
    static string Rough(double value) => value.ToString(value < 10_000 ? "G4" : "0.##e0", CultureInfo.InvariantCulture);

    const string Fix = "fix: a smaller --learning-rate, a larger --l2, or features of smaller size";
}
