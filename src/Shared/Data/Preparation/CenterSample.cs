using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>The training rows whose mean is the centre of a dense column: few enough to be looked at before the others.</summary>
/// <remarks>
/// Of n training rows in the order of the input it is those numbered ⌊i·n/m⌋, i = 0 … m − 1, with m = min(n, 4096). The intercept is free, so
/// any centre gives the same optimum; it must be near to the values, and the same whoever encodes them.
/// </remarks>
static class CenterSample
{
    public const int RowsMax = 4096;

    /// <summary>The rows of the table, ascending.</summary>
    /// <param name="heldOut">For each row of the table, whether it does not train.</param>
    public static int[] RowsOf(bool[] heldOut)
    {
        var trainingCount = heldOut.AsSpan().Count(false);
        var rows = new int[Math.Min(trainingCount, RowsMax)];
        for (int row = 0, number = 0, i = 0; i < rows.Length; row++)
        {
            if (heldOut[row]) continue;
            if (number == Pieces.StartOf(i, rows.Length, trainingCount)) rows[i++] = row;
            number++;
        }
        return rows;
    }

    /// <summary>The mean for Σ w·x and Σ w, both added in the order of the rows; of nothing: 0.</summary>
    public static float MeanOf((double Sum, double WeightSum) found) =>
        found.WeightSum > 0 ? (float)(found.Sum / found.WeightSum) : 0;
}
