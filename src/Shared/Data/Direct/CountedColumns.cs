using DistTrain.Data.Preparation;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>LIBSVM's features that were counted and left where they are: their cells are read again, straight into shards.</summary>
/// <param name="Text">The files.</param>
/// <param name="FirstRows">For each chunk of the text its first row, then the number of rows.</param>
/// <param name="Rows">For each row, what it holds.</param>
/// <param name="Indices">The indices that occur with something else than 0, ascending.</param>
/// <param name="NonzeroCounts">For each of them, its nonzeros.</param>
/// <param name="HasOthers">For each of them, whether a nonzero is not 1.</param>
/// <param name="IndexBase">0 or 1.</param>
sealed record CountedColumns(
    ChunkedText Text, int[] FirstRows, RowContent[] Rows, int[] Indices, int[] NonzeroCounts, bool[] HasOthers, int IndexBase)
    : TableColumn("features")
{
    /// <summary>Whether a feature is held dense, if these rows are all there are.</summary>
    public bool MayBeDense() => Enumerable.Range(0, Indices.Length)
        .Any(i => StorageRule.OfNumber(Rows.Length, NonzeroCounts[i], !HasOthers[i]) is FeatureStorage.Dense);

    /// <summary>Reads all rows again, chunk by chunk and several chunks at once.</summary>
    /// <exception cref="Problems.DistTrainException">DT4009: the files are not what they were.</exception>
    public void Read(ChunkedText.ChunkReader read)
    {
        if (!Text.TryRead(read)) throw FileProblems.Changed(Text.Files[0].Name).AsException();
    }

    /// <summary>The cells of some rows, which are then numbered from 0.</summary>
    /// <param name="rows">Ascending.</param>
    public IndexedColumns CellsOf(int[] rows)
    {
        var cells = new (int Index, double Value)[rows.Length][];
        Read((chunk, text) => TryTake(rows, cells, chunk, text));

        var (starts, indices, values) = (new long[rows.Length + 1], new GrowingArray<int>(), new GrowingArray<double>());
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var (index, value) in cells[i])
            {
                indices.Add(index);
                values.Add(value);
            }
            starts[i + 1] = indices.Count;
        }
        return new IndexedColumns(starts, indices.ToArray(), values.ToArray(), IndexBase);
    }

    bool TryTake(int[] rows, (int Index, double Value)[][] cells, int chunk, LibsvmCursor text)
    {
        var place = Array.BinarySearch(rows, FirstRows[chunk]);
        if (place < 0) place = ~place;
        for (var row = FirstRows[chunk]; row < FirstRows[chunk + 1] && place < rows.Length && text.NextRow(); row++)
        {
            if (row < rows[place]) continue;
            if (!text.TryReadLabel(out _)) return false;
            var found = new List<(int Index, double Value)>();
            NextPair next;
            while ((next = text.ReadPair(out var index, out var value)) is NextPair.Read)
            {
                if (value != 0) found.Add((index, value));
            }
            if (next is NextPair.Odd) return false;
            cells[place++] = [.. found];
        }
        return place == rows.Length || rows[place] >= FirstRows[chunk + 1];
    }
}

/// <summary>What a row of LIBSVM holds.</summary>
/// <param name="packed">Twice the nonzeros, and 1 more where one is not 1.</param>
readonly struct RowContent(uint packed)
{
    /// <summary>Nonzeros as floats.</summary>
    public int NonzeroCount => (int)(packed >> 1);

    /// <summary>Whether one of them is not 1.</summary>
    public bool HasOthers => (packed & 1) != 0;

    public static RowContent Of(int nonzeroCount, bool hasOthers) => new((uint)nonzeroCount << 1 | (hasOthers ? 1u : 0));
}
