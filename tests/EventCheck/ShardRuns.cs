using System.Globalization;

namespace DistTrain.EventCheck;

/// <summary>Sets of shards as the events write them: ascending runs, such as <c>0-3,7</c>.</summary>
static class ShardRuns
{
    const int ShardsMax = 10_000_000;

    /// <exception cref="FormatException">Anything else.</exception>
    public static IEnumerable<int> Read(string text)
    {
        var least = 0;
        foreach (var run in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = run.Split('-');
            var (first, last) = (Number(ends[0]), Number(ends[^1]));
            if (ends.Length > 2 || first < least || last < first) throw new FormatException($"shards '{text}'.");
            for (var shard = first; shard <= last; shard++) yield return shard;
            least = last + 1;
        }
    }

    static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ShardsMax
            ? number
            : throw new FormatException($"shard '{digits}'.");
}
