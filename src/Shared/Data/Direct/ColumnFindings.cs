namespace DistTrain.Data.Direct;

/// <summary>What cells said about the features that were read as numbers.</summary>
/// <param name="featureCount">Of the table, those that are text too.</param>
sealed class ColumnFindings(int featureCount)
{
    /// <summary>For each feature whether a cell is no number.</summary>
    public bool[] IsText { get; } = new bool[featureCount];

    /// <summary>For each feature whether a cell is one that a feature of numbers must not have.</summary>
    public bool[] IsOdd { get; } = new bool[featureCount];

    /// <summary>For each feature whether a cell is a number.</summary>
    public bool[] HasNumbers { get; } = new bool[featureCount];

    public void Add(ColumnFindings other)
    {
        for (var d = 0; d < featureCount; d++)
        {
            IsText[d] |= other.IsText[d];
            IsOdd[d] |= other.IsOdd[d];
            HasNumbers[d] |= other.HasNumbers[d];
        }
    }
}
