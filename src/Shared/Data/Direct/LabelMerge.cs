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
        var (codeOf, codes, row) = (new Dictionary<string, int>(StringComparer.Ordinal), new int[rowCount], 0);
        foreach (var chunk in chunks)
        {
            var merged = new int[chunk.Dictionary.Length];
            foreach (var (code, text) in chunk.Dictionary.Index())
            {
                if (!codeOf.TryGetValue(text, out merged[code])) codeOf.Add(text, merged[code] = codeOf.Count);
            }
            if (codeOf.Count > max) return null;
            foreach (var code in chunk.Codes) codes[row++] = merged[code];
        }
        return new TextColumn(name, codes, [.. codeOf.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
    }
}
