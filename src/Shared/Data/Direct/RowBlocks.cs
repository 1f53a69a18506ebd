namespace DistTrain.Data.Direct;

/// <summary>Bytes of rows in blocks, which are filled again when the rows are let go. A block belongs to the thread that took it.</summary>
sealed class RowBlocks
{
    public const int BlockBytes = 1 << 20;

    readonly Lock _taking = new();
    readonly List<byte[]> _blocks = [];
    int _taken;

    /// <summary>The bytes from a place on.</summary>
    public ReadOnlySpan<byte> At(long place) => _blocks[(int)(place >> 32)].AsSpan((int)place);

    /// <summary>Where a byte of a block is.</summary>
    public static long PlaceOf(int block, int offset) => (long)block << 32 | (uint)offset;

    /// <summary>A block with room for so many bytes at least, and its number.</summary>
    public (int Number, byte[] Bytes) Take(int byteCount)
    {
        lock (_taking)
        {
            var number = _taken++;
            if (number == _blocks.Count) _blocks.Add([]);
            if (_blocks[number].Length < byteCount) _blocks[number] = GC.AllocateUninitializedArray<byte>(Math.Max(BlockBytes, byteCount));
            return (number, _blocks[number]);
        }
    }

    /// <summary>All blocks are free again.</summary>
    public void Clear() => _taken = 0;

    /// <summary>Their memory is free too.</summary>
    public void LetGo()
    {
        Clear();
        _blocks.Clear();
    }
}
