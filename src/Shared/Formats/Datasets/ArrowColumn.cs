using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DistTrain.Formats.Datasets;

/// <summary>A column to be written. Its buffers are whole multiples of 64 bytes, so that the next one is aligned too.</summary>
sealed record ArrowColumn(Field Field, ArrayData Data)
{
    const int AlignmentBytes = 64;

    public static ArrowColumn Of<T>(string name, ReadOnlySpan<T> numbers) where T : unmanaged =>
        new(Plain(name, TypeOf<T>()), Numbers(TypeOf<T>(), Padded(numbers), numbers.Length));

    /// <summary>A list of <paramref name="size"/> numbers in each row. The bytes are not copied: this must be the last column.</summary>
    public static ArrowColumn OfLists<T>(string name, ReadOnlyMemory<byte> numbers, int size) where T : unmanaged
    {
        var type = new FixedSizeListType(Plain("item", TypeOf<T>()), size);
        var count = numbers.Length / Unsafe.SizeOf<T>();
        var items = Numbers(TypeOf<T>(), new ArrowBuffer(numbers), count);
        return new(Plain(name, type), new ArrayData(type, count / size, 0, 0, [ArrowBuffer.Empty], [items]));
    }

    /// <summary>A list of (index, value) in each row; without values where all are 1.</summary>
    /// <param name="starts">For each row its first entry, then the number of entries.</param>
    public static ArrowColumn OfSparse(string name, int[] starts, int[] indices, float[]? values)
    {
        var type = SparseListOf(values is not null);
        var index = Numbers(Int32Type.Default, Padded<int>(indices), indices.Length);
        ArrayData[] parts = values is null ? [index] : [index, Numbers(FloatType.Default, Padded<float>(values), values.Length)];
        var entries = new ArrayData(type.ValueDataType, indices.Length, 0, 0, [ArrowBuffer.Empty], parts);
        return new(Plain(name, type), new ArrayData(type, starts.Length - 1, 0, 0, [ArrowBuffer.Empty, Padded<int>(starts)], [entries]));
    }

    public static ArrowColumn OfTexts(string name, IReadOnlyList<string> texts)
    {
        var (starts, bytes) = (new int[texts.Count + 1], new List<byte>());
        for (var i = 0; i < texts.Count; i++)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(texts[i]));
            starts[i + 1] = bytes.Count;
        }
        ArrowBuffer[] buffers = [ArrowBuffer.Empty, Padded<int>(starts), Padded<byte>(CollectionsMarshal.AsSpan(bytes))];
        return new(Plain(name, StringType.Default), new ArrayData(StringType.Default, texts.Count, 0, 0, buffers, []));
    }

    internal static IArrowType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(int) ? Int32Type.Default
        : typeof(T) == typeof(float) ? FloatType.Default
        : typeof(T) == typeof(double) ? DoubleType.Default
        : typeof(T) == typeof(byte) ? UInt8Type.Default
        : typeof(T) == typeof(ushort) ? UInt16Type.Default
        : throw new ArgumentException($"There is no column of {typeof(T).Name}.");

    internal static ListType SparseListOf(bool hasValues)
    {
        var index = Plain("index", Int32Type.Default);
        return new ListType(Plain("item", new StructType(hasValues ? [index, Plain("value", FloatType.Default)] : [index])));
    }

    static Field Plain(string name, IArrowType type) => new(name, type, nullable: false);

    static ArrayData Numbers(IArrowType type, ArrowBuffer buffer, int count) => new(type, count, 0, 0, [ArrowBuffer.Empty, buffer], []);

    static ArrowBuffer Padded<T>(ReadOnlySpan<T> numbers) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        var padded = new byte[(bytes.Length + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes];
        bytes.CopyTo(padded);
        return new ArrowBuffer(padded);
    }
}
