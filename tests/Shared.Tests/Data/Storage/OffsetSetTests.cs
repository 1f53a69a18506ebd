using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Storage;

public sealed class OffsetSetTests
{
    [Fact]
    public void Members_are_gone_over_in_ascending_order_and_forgotten_when_cleared()
    {
        var set = new OffsetSet();
        foreach (var count in (int[])[0, 1, 40, 5000])
        {
            var random = new CounterRandom(4, (ulong)count);
            var offsets = new SortedSet<int>();
            for (var i = 0; i < count; i++) offsets.Add(random.NextInt32(SparseColumns.PanelFeatures));
            if (count > 1) offsets.UnionWith([0, 63, 64, 4095, 4096, SparseColumns.PanelFeatures - 1]);
            foreach (var offset in offsets.Reverse()) set.Add(offset);

            var members = new List<int>();
            foreach (var offset in set) members.Add(offset);

            Assert.Equal(offsets, members);
            set.Clear();
            Assert.False(set.GetEnumerator().MoveNext());
        }
    }
}
