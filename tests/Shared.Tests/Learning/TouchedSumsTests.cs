using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning;

public sealed class TouchedSumsTests
{
    const int ClassCount = 2;

    [Fact]
    public void Features_come_once_in_ascending_order_with_all_that_was_appended()
    {
        var sums = new TouchedSums(ClassCount);
        Append(sums, (3, [10, 20]), (7, [1, 2]));
        Append(sums, (3, [100, 200]));

        Assert.Equal([3, 7], sums.Features.ToArray());
        Assert.Equal([110, 220, 1, 2], sums.Sums.ToArray());

        Append(sums, (5, [-1, 0]));
        Assert.Equal([3, 5, 7], sums.Features.ToArray());
        Assert.Equal([110, 220, -1, 0, 1, 2], sums.Sums.ToArray());
    }

    [Fact]
    public void Nothing_touched_is_nothing()
    {
        var sums = new TouchedSums(ClassCount);
        sums.Add(new TouchedSums(ClassCount));
        Append(sums);

        Assert.True(sums.Features.IsEmpty);
        Assert.True(sums.Sums.IsEmpty);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void Any_grouping_gives_the_same_sums(int groupCount)
    {
        var random = new CounterRandom(5, 1);
        var expected = new SortedDictionary<int, long[]>();
        var groups = Enumerable.Range(0, groupCount).Select(_ => new TouchedSums(ClassCount)).ToArray();
        for (var i = 0; i < 200; i++)
        {
            var entries = new (int, long[])[random.NextInt32(40)];
            for (var e = 0; e < entries.Length; e++)
                entries[e] = (75 * e + random.NextInt32(75), [(long)random.NextUInt64() >> 8, random.NextInt32(9)]);
            Append(groups[random.NextInt32(groupCount)], entries);
            foreach (var (feature, own) in entries)
            {
                var total = expected.TryGetValue(feature, out var known) ? known : expected[feature] = new long[ClassCount];
                for (var k = 0; k < ClassCount; k++) total[k] += own[k];
            }
        }

        var sums = groups.Aggregate((left, right) => { right.Add(left); return right; });

        Assert.Equal(expected.Keys, sums.Features.ToArray());
        Assert.Equal(expected.Values.SelectMany(own => own), sums.Sums.ToArray());
    }

    static void Append(TouchedSums sums, params (int Feature, long[] Sums)[] entries)
    {
        var room = sums.Append([.. entries.Select(entry => entry.Feature)]);
        Assert.Equal(new long[entries.Length * ClassCount], room[..(entries.Length * ClassCount)].ToArray());
        for (var i = 0; i < entries.Length; i++) entries[i].Sums.CopyTo(room[(i * ClassCount)..]);
    }
}
