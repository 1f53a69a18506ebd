using System.Globalization;

namespace DistTrain.EventCheck;

/// <summary>Shards as the events write them: runs, such as <c>0-3,7</c>, in any order; each time that one is named counts.</summary>
static class ShardRuns
{
    const int ShardsMax = 10_000_000;

    /// <exception cref="FormatException">Anything else.</exception>
    public static IEnumerable<int> Read(string text)
    {
        foreach (var run in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = run.Split('-');
            var (first, last) = (Number(ends[0]), Number(ends[^1]));
            if (ends.Length > 2 || last < first) throw new FormatException($"shards '{text}'.");
            for (var shard = first; shard <= last; shard++) yield return shard;
        }
    }

    static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ShardsMax
            ? number
            : throw new FormatException($"shard '{digits}'.");
}
