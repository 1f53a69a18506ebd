using System.Collections.Concurrent;

namespace DistTrain.Data.Storage;

/// <summary>
/// What building a panel needs by offset, whoever builds it. It is lent and given back: to make and clear it would cost a small batch more
/// than its nonzeros do.
/// </summary>
sealed class PanelScratch
{
    static readonly ConcurrentBag<PanelScratch> Idle = [];

    uint[] _entries = [];
    float[] _values = [];

    /// <summary>The offsets that occur.</summary>
    public OffsetSet Present { get; } = new();

    /// <summary>Nonzeros of each offset; 0 again after use.</summary>
    public int[] Counts { get; } = new int[SparseColumns.PanelFeatures];

    /// <summary>Whether an offset holds something else than ones; false again after use.</summary>
    public bool[] Valued { get; } = new bool[SparseColumns.PanelFeatures];

    /// <summary>Set before it is read.</summary>
    public int[] NextRow { get; } = new int[SparseColumns.PanelFeatures];

    /// <summary>Set before it is read.</summary>
    public int[] NextValue { get; } = new int[SparseColumns.PanelFeatures];

    /// <summary>Room for the nonzeros of a whole shard, parted by panel; set before it is read.</summary>
    public Span<uint> EntriesOf(int count) => AtLeast(ref _entries, count);

    /// <summary>Room for their values; set before it is read.</summary>
    public Span<float> ValuesOf(int count) => AtLeast(ref _values, count);

    /// <summary>Clear scratch for one builder.</summary>
    public static PanelScratch Borrow() => Idle.TryTake(out var scratch) ? scratch : new PanelScratch();

    /// <summary>Takes it back, clear again; one that an exception left as it was is not given back.</summary>
    public static void Return(PanelScratch scratch) => Idle.Add(scratch);

    /// <summary>Keeps none any longer: a dataset is made, and what is built next is smaller.</summary>
    public static void Forget() => Idle.Clear();

    static Span<T> AtLeast<T>(ref T[] room, int count)
        where T : unmanaged
    {
        if (room.Length < count) room = GC.AllocateUninitializedArray<T>(count);
        return room.AsSpan(0, count);
    }
}
