using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// The columns of a file, read strictly: each must be there with its type, complete and without nulls, and <see cref="End"/> refuses those
/// that nobody asked for. What is returned lies in the file's memory.
/// </summary>
/// <param name="refuse">Makes the exception for a sentence about the file.</param>
sealed class ArrowTable(RecordBatch batch, Func<string, DistTrainException> refuse)
{
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public int RowCount => batch.Length;

    public bool Has(string name) => batch.Schema.FieldsList.Any(field => field.Name == name);

    public ReadOnlySpan<T> Numbers<T>(string name) where T : unmanaged
    {
        var data = Column(name);
        Require(data.DataType.TypeId == ArrowColumn.TypeOf<T>().TypeId, name, "is of another type");
        return NumbersOf<T>(data, RowCount, name);
    }

    /// <summary>The numbers of lists that have <paramref name="size"/> in each row.</summary>
    public ReadOnlyMemory<byte> Lists<T>(string name, int size) where T : unmanaged
    {
        var data = Column(name);
        Require(data.DataType is FixedSizeListType list && list.ListSize == size && list.ValueDataType.TypeId == ArrowColumn.TypeOf<T>().TypeId, name,
            $"is not of lists of {size} {ArrowColumn.TypeOf<T>().Name}s");
        var items = Child(data, 0, name);
        NumbersOf<T>(items, checked(RowCount * size), name);
        return items.Buffers[1].Memory[..(RowCount * size * Unsafe.SizeOf<T>())];
    }

    /// <summary>Lists of (index, value): where each row's begin, then their number; the indices; the values, null where there are none.</summary>
    public (int[] Starts, int[] Indices, float[]? Values) Sparse(string name)
    {
        var data = Column(name);
        Require(data.DataType is ListType { ValueDataType: StructType }, name, "is not of lists of entries");
        var starts = Filled<int>(data, 1, RowCount + 1, name);
        var entries = Child(data, 0, name);
        var parts = (StructType)entries.DataType;
        var hasValues = parts.Fields.Count == 2;
        Require(Fits(parts, hasValues), name, "is not of lists of index and value");
        RequireAscending(starts, name);
        Require(starts[^1] == entries.Length, name, "has entries of no row");

        var indices = NumbersOf<int>(Child(entries, 0, name), entries.Length, name).ToArray();
        var values = hasValues ? NumbersOf<float>(Child(entries, 1, name), entries.Length, name).ToArray() : null;
        return (starts.ToArray(), indices, values);
    }

    public ImmutableArray<string> Texts(string name)
    {
        var data = Column(name);
        Require(data.DataType.TypeId == ArrowTypeId.String, name, "is not of texts");
        var starts = Filled<int>(data, 1, RowCount + 1, name);
        var bytes = data.Buffers[2].Span;
        RequireAscending(starts, name);
        Require(starts[^1] <= bytes.Length, name, "is cut short");
        var texts = ImmutableArray.CreateBuilder<string>(RowCount);
        for (var i = 0; i < RowCount; i++) texts.Add(Encoding.UTF8.GetString(bytes[starts[i]..starts[i + 1]]));
        return texts.MoveToImmutable();
    }

    /// <summary>Refuses columns that were not asked for.</summary>
    public void End()
    {
        foreach (var field in batch.Schema.FieldsList.Where(field => !_asked.Contains(field.Name)))
            throw refuse($"column \"{field.Name}\" is not known");
    }

    ArrayData Column(string name)
    {
        _asked.Add(name);
        var places = batch.Schema.FieldsList.Index().Where(field => field.Item.Name == name).Select(field => field.Index).ToList();
        Require(places.Count == 1, name, places.Count == 0 ? "is missing" : "is there twice");
        var data = batch.Column(places[0]).Data;
        Require(data.Length == RowCount && IsPlain(data), name, "has another number of rows, or empty cells");
        return data;
    }

    ArrayData Child(ArrayData data, int place, string name)
    {
        Require(data.Children.Length > place && IsPlain(data.Children[place]), name, "has no entries, or empty ones");
        return data.Children[place];
    }

    ReadOnlySpan<T> NumbersOf<T>(ArrayData data, int count, string name) where T : unmanaged
    {
        Require(data.Length == count, name, "has another number of entries");
        return Filled<T>(data, 1, count, name);
    }

    ReadOnlySpan<T> Filled<T>(ArrayData data, int buffer, int count, string name) where T : unmanaged
    {
        Require(data.Buffers.Length > buffer, name, "has no content");
        var numbers = MemoryMarshal.Cast<byte, T>(data.Buffers[buffer].Span);
        Require(numbers.Length >= count, name, "is cut short");
        return numbers[..count];
    }

    void RequireAscending(ReadOnlySpan<int> starts, string name)
    {
        var ascends = starts[0] == 0;
        for (var i = 1; i < starts.Length; i++) ascends &= starts[i - 1] <= starts[i];
        Require(ascends, name, "has entries in no order");
    }

    void Require(bool holds, string name, string otherwise)
    {
        if (!holds) throw refuse($"column \"{name}\" {otherwise}");
    }

    static bool IsPlain(ArrayData data) => data is { Offset: 0, NullCount: 0 };

    static bool Fits(StructType parts, bool hasValues) =>
        ArrowColumn.SparseListOf(hasValues).ValueDataType is StructType expected
        && parts.Fields.Count == expected.Fields.Count
        && parts.Fields.Zip(expected.Fields).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.DataType.TypeId == pair.Second.DataType.TypeId);
}
