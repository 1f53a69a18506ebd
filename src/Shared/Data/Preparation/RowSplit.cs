using DistTrain.Numerics;

namespace DistTrain.Data.Preparation;

/// <summary>
/// Which rows of a table train and which validate, and in which order they fall into shards: a pure function of seed and row number.
/// </summary>
/// <remarks>
/// Row r is held out if number r of one stream is below the fraction; either part is sorted by number r of another. The numbers of a
/// stream differ for different counters (mixing is a bijection), so the order has no ties. Folds deal the training rows out in the order of
/// a third stream: they differ by at most one row.
/// </remarks>
sealed class RowSplit
{
    const ulong SplitStream = 0x53504C4954;   // "SPLIT"
    const ulong OrderStream = 0x4F52444552;   // "ORDER"
    const ulong FoldStream = 0x464F4C44;      // "FOLD"

    RowSplit(bool[] heldOut, ulong seed, Predicate<int>? validates = null)
    {
        HeldOut = heldOut;
        Training = Ordered(row => !heldOut[row], heldOut.AsSpan().Count(false));
        Validation = Ordered(validates ?? (row => heldOut[row]), heldOut.AsSpan().Count(true));

        int[] Ordered(Predicate<int> belongs, int countMax)
        {
            var (rows, count) = (new int[countMax], 0);
            for (var row = 0; count < countMax && row < heldOut.Length; row++)
                if (belongs(row)) rows[count++] = row;
            return SeededOrder.Of(rows.AsSpan(0, count), seed, OrderStream);
        }
    }

    /// <summary>For each row of the table, whether it does not train.</summary>
    public bool[] HeldOut { get; }

    /// <summary>The training rows in their seeded order.</summary>
    public int[] Training { get; }

    /// <summary>The validation rows in their seeded order.</summary>
    public int[] Validation { get; }

    public static RowSplit Of(int rowCount, double validationFraction, ulong seed)
    {
        var heldOut = new bool[rowCount];
        var random = new CounterRandom(seed, SplitStream);
        for (var row = 0; row < rowCount; row++) heldOut[row] = random.NextDouble() < validationFraction;
        return new RowSplit(heldOut, seed);
    }

    /// <summary>The same rows held out, and one fold of the others as validation part in their place: they take no part at all.</summary>
    public RowSplit Of(Fold fold, ulong seed)
    {
        var foldOf = FoldsOf(fold.Count, seed);
        var heldOut = Array.ConvertAll(foldOf, index => index < 0 || index == fold.Index);
        return new RowSplit(heldOut, seed, row => foldOf[row] == fold.Index);
    }

    /// <summary>For each row, its fold; −1 where it is held out.</summary>
    public int[] FoldsOf(int count, ulong seed)
    {
        var folds = new int[HeldOut.Length];
        Array.Fill(folds, -1);
        var rows = SeededOrder.Of(Training, seed, FoldStream);
        for (var i = 0; i < rows.Length; i++) folds[rows[i]] = i % count;
        return folds;
    }

    /// <summary>All rows validate: a table given for validation.</summary>
    public static RowSplit AllHeldOut(int rowCount, ulong seed)
    {
        var heldOut = new bool[rowCount];
        Array.Fill(heldOut, true);
        return new RowSplit(heldOut, seed);
    }
}
