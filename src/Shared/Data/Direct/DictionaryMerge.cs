namespace DistTrain.Data.Direct;

/// <summary>Dictionaries of chunks as one.</summary>
/// <param name="Dictionary">The distinct texts in order of first appearance.</param>
/// <param name="CodeOf">For each chunk and code in it the code of the whole.</param>
sealed record DictionaryMerge(List<string> Dictionary, int[][] CodeOf)
{
    /// <param name="chunks">In the order of the input, each in order of first appearance.</param>
    /// <param name="max">Most distinct texts.</param>
    /// <returns>Null where they are more.</returns>
    public static DictionaryMerge? Of(IReadOnlyList<ReadOnlyMemory<string>> chunks, int max)
    {
        var (codeOf, merge) = (new Dictionary<string, int>(StringComparer.Ordinal), new DictionaryMerge([], new int[chunks.Count][]));
        for (var c = 0; c < chunks.Count; c++)
        {
            var texts = chunks[c].Span;
            var merged = merge.CodeOf[c] = new int[texts.Length];
            for (var code = 0; code < texts.Length; code++)
            {
                if (codeOf.TryGetValue(texts[code], out merged[code])) continue;
                codeOf.Add(texts[code], merged[code] = codeOf.Count);
                merge.Dictionary.Add(texts[code]);
            }
            if (codeOf.Count > max) return null;
        }
        return merge;
    }
}
