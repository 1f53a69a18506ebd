namespace DistTrain.Problems;

/// <summary>"Did you mean …?": the nearest known name.</summary>
public static class Suggestion
{
    /// <summary>The candidate with the smallest edit distance, ignoring case, if it is within a third of the length (at least 2).</summary>
    public static string? For(string unknown, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(unknown.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(2, unknown.Length / 3) ? best.candidate : null;
    }

    /// <summary>The line of a problem that suggests it; none where nothing is near.</summary>
    public static string[] DidYouMean(string unknown, IEnumerable<string> candidates) => Line(For(unknown, candidates));

    /// <summary>The line of a problem that suggests <paramref name="near"/>; none where that is null.</summary>
    public static string[] Line(string? near) => near is null ? [] : [$"did you mean \"{near}\"?"];

    /// <summary>Damerau–Levenshtein distance (optimal string alignment): insert, delete, replace, swap neighbours.</summary>
    static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) distance[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) distance[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(replaced, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }
        return distance[a.Length, b.Length];
    }
}
