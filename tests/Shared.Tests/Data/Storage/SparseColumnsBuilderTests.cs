using CsCheck;
using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

public sealed class SparseColumnsBuilderTests
{
    [Fact]
    public void A_small_example_by_hand()
    {
        // Rows: {0: 1, 2: 1}, {0: 1, 1: 0.5}, {}, {0: 1, 2: 3}.
        var columns = SparseColumnsBuilder.Build(4, [0, 2, 4, 4, 6], [0, 2, 0, 1, 0, 2], [1, 1, 1, 0.5f, 1, 3], featureCount: 3);
        Assert.Equal(
            [new SparseGroup(0, 1, 1, 0, 0, 0), new SparseGroup(0, 2, 1, 1, 1, 1), new SparseGroup(0, 3, 1, 2, 3, -1)],
            columns.Groups.ToArray());
        Assert.Equal<ushort>([1, 2, 0], columns.Features);
        Assert.Equal<ushort>([1, 0, 3, 0, 1, 3], columns.Rows);
        Assert.Equal([0.5f, 1, 3], columns.Values);
    }

    [Fact]
    public void No_nonzeros_are_no_columns()
    {
        Assert.Same(SparseColumns.Empty, SparseColumnsBuilder.Build(3, [0, 0, 0, 0], [], [], featureCount: 10));
        Assert.Same(SparseColumns.Empty, SparseColumnsBuilder.Build(0, [0], [], [], featureCount: 0));
    }

    [Fact]
    public void Without_values_all_are_ones()
    {
        var columns = SparseColumnsBuilder.Build(2, [0, 1, 2], [1, 1], [], featureCount: 2);
        Assert.Equal([new SparseGroup(0, 2, 1, 0, 0, -1)], columns.Groups.ToArray());
        Assert.Empty(columns.Values);
    }

    [Fact]
    public void Columns_of_more_than_64_nonzeros_stand_alone()
    {
        var columns = SparseColumnsBuilder.Build(65, [.. Enumerable.Range(0, 66).Select(row => 2 * row)],
            [.. Enumerable.Range(0, 65).SelectMany(_ => new[] { 3, 5 })], [], featureCount: 6);
        Assert.Equal([new SparseGroup(0, 65, 1, 0, 0, -1), new SparseGroup(0, 65, 1, 1, 65, -1)], columns.Groups.ToArray());
        Assert.Equal<ushort>([3, 5], columns.Features);
    }

    [Fact]
    public void More_than_65_536_rows_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseColumnsBuilder.Build(65_537, new int[65_538], [], [], featureCount: 1));

    [Fact]
    public void Any_rows_come_back_from_their_columns() =>
        Gen.Select(Gen.Int[1, 3 * SparseColumns.PanelFeatures], Gen.Int[0, 200], Gen.ULong).Sample(
            (featureCount, rowCount, seed) => AssertRoundTrip(featureCount, rowCount, seed), iter: 60, seed: "0000SparseCo1");

    static void AssertRoundTrip(int featureCount, int rowCount, ulong seed)
    {
        var random = new DistTrain.Numerics.CounterRandom(seed, 1);
        var (starts, features, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        var expected = new SortedDictionary<(int Feature, int Row), float>();
        for (var row = 0; row < rowCount; row++)
        {
            var chosen = new SortedSet<int>();
            for (var i = random.NextInt32(8); i > 0; i--) chosen.Add(random.NextInt32(i % 2 == 0 ? featureCount : 1 + featureCount / 9));
            foreach (var feature in chosen)
            {
                features.Add(feature);
                values.Add(feature % 3 == 0 ? 1 : 1 + random.NextInt32(3));
                expected[(feature, row)] = values[^1];
            }
            starts.Add(features.Count);
        }

        var columns = SparseColumnsBuilder.Build(rowCount, starts.ToArray(), features.ToArray(), values.ToArray(), featureCount);
        Assert.Equal(expected, Nonzeros(columns));
        AssertOrder(columns);

        var rows = SparseRowsBuilder.Build(columns, rowCount);
        Assert.Equal(starts, rows.Starts);
        Assert.Equal(features, rows.Features);
        Assert.Equal(values.Exists(value => value != 1) ? [.. values] : null, rows.Values);
    }

    [Theory, InlineData(300, 4, false), InlineData(300, 4, true), InlineData(40_000, 60, false), InlineData(40_000, 60, true)]
    public void Columns_are_those_of_the_slow_builder_bit_for_bit(int featureCount, int perRow, bool hasValues)
    {
        var random = new DistTrain.Numerics.CounterRandom(3, (ulong)featureCount);
        var (starts, features) = (new List<int> { 0 }, new List<int>());
        for (var row = 0; row < 3000; row++)
        {
            var chosen = new SortedSet<int>();
            for (var i = 0; i < perRow; i++) chosen.Add((int)(featureCount * random.NextDouble() * random.NextDouble()));
            features.AddRange(chosen);
            starts.Add(features.Count);
        }
        float[] values = hasValues ? [.. features.Select(feature => feature % 3 == 0 ? 1f : 1 + random.NextInt32(3))] : [];

        var columns = SparseColumnsBuilder.Build(3000, starts.ToArray(), features.ToArray(), values, featureCount);
        var slow = SlowColumns.Of([.. starts], [.. features], values);

        Assert.Equal(slow.Groups.AsEnumerable(), columns.Groups.AsEnumerable());
        Assert.Equal(slow.Features, columns.Features);
        Assert.Equal(slow.Rows, columns.Rows);
        Assert.Equal(slow.Values, columns.Values);
    }

    static SortedDictionary<(int Feature, int Row), float> Nonzeros(SparseColumns columns)
    {
        var nonzeros = new SortedDictionary<(int, int), float>();
        foreach (var group in columns.Groups)
        {
            for (var i = 0; i < group.FeatureCount * group.RunLength; i++)
            {
                var feature = group.Panel * SparseColumns.PanelFeatures + columns.Features[group.FirstFeature + i / group.RunLength];
                nonzeros.Add((feature, columns.Rows[group.FirstRow + i]), group.HasValues ? columns.Values[group.FirstValue + i] : 1);
            }
        }
        return nonzeros;
    }

    static void AssertOrder(SparseColumns columns)
    {
        foreach (var group in columns.Groups)
        {
            var features = columns.Features.AsSpan(group.FirstFeature, group.FeatureCount).ToArray();
            Assert.Equal(features.Order(), features);
            for (var i = 0; i < group.FeatureCount; i++)
            {
                var rows = columns.Rows.AsSpan(group.FirstRow + i * group.RunLength, group.RunLength).ToArray();
                Assert.Equal(rows.Order(), rows);
                if (!group.HasValues) continue;
                var values = columns.Values.AsSpan(group.FirstValue + i * group.RunLength, group.RunLength).ToArray();
                Assert.Contains(values, x => x != 1);
            }
            Assert.True(group.FeatureCount == 1 || group.RunLength <= SparseColumns.GroupedRunLengthMax);
        }
        var keys = columns.Groups.Select(group => (group.Panel, Math.Min(group.RunLength, SparseColumns.GroupedRunLengthMax + 1))).ToArray();
        Assert.Equal(keys.Order(), keys);
    }
}
