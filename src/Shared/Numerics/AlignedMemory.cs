namespace DistTrain.Numerics;

/// <summary>Numbers in pinned memory, 64-byte aligned and zeroed. Whoever uses <see cref="First"/> keeps this object alive.</summary>
sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    const int AlignmentBytes = 64;

    readonly T[] _memory;

    public AlignedMemory(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<T>(checked(length + AlignmentBytes / sizeof(T)), pinned: true);
        fixed (T* first = _memory)
            First = (T*)(((nint)first + AlignmentBytes - 1) & -AlignmentBytes);
    }

    public int Length { get; }

    public T* First { get; }

    public Span<T> Span => new(First, Length);

    /// <summary>This memory if it is long enough, else a new one; what it held is then lost.</summary>
    public AlignedMemory<T> AtLeast(int length) => length <= Length ? this : new AlignedMemory<T>(length);
}
