using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>Labels of chunks as one column, its dictionary in order of first appearance.</summary>
static class LabelMerge
{
    /// <param name="chunks">In the order of the input.</param>
    /// <param name="max">Most distinct texts.</param>
    /// <returns>Null where they are more.</returns>
    public static TextColumn? Of(string name, IReadOnlyList<TextColumn> chunks, int rowCount, int max)
    {
        if (DictionaryMerge.Of([.. chunks.Select(chunk => chunk.Dictionary.AsMemory())], max) is not var (dictionary, codeOf)) return null;
        var (codes, row) = (new int[rowCount], 0);
        foreach (var (c, chunk) in chunks.Index())
            foreach (var code in chunk.Codes) codes[row++] = codeOf[c][code];
        return new TextColumn(name, codes, [.. dictionary]);
    }
}
