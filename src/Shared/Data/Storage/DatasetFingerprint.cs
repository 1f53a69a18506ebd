using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>SHA-256 of everything about a dataset that the arithmetic sees, and of the names its result is told in.</summary>
/// <remarks>
/// Every sequence is preceded by its length. Numbers are hashed as they lie in memory, which is little-endian on every machine with
/// hardware FMA that .NET runs on. Each shard is hashed by itself, and its hash stands for it, so that several can be hashed at once.
/// </remarks>
sealed class DatasetFingerprint : IDisposable
{
    const string Format = "disttrain dataset 2";

    /// <summary>Elements hashed at once: all bytes of a large shard are more than a span can hold.</summary>
    const int PieceElements = 1 << 16;

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>In lower-case hex.</summary>
    /// <param name="training">The hash of each training shard (<see cref="HashOf"/>).</param>
    /// <param name="validation">The same of each validation shard.</param>
    public static string Of(
        FeatureSchema schema, ClassList classes, FeatureLayout layout, ulong seed,
        ImmutableArray<string> training, ImmutableArray<string> validation)
    {
        using var fingerprint = new DatasetFingerprint();
        fingerprint.Add(Format);
        fingerprint.Add([seed]);
        fingerprint.Add(schema);
        fingerprint.Add(classes);
        fingerprint.Add(layout);
        fingerprint.Add<byte>(Convert.FromHexString(string.Concat(training)));
        fingerprint.Add<byte>(Convert.FromHexString(string.Concat(validation)));
        return Convert.ToHexStringLower(fingerprint._hash.GetHashAndReset());
    }

    /// <summary>The hash of a shard's rows, in lower-case hex.</summary>
    public static string HashOf(ShardRows rows)
    {
        using var hash = new DatasetFingerprint();
        hash.Add(rows);
        return Convert.ToHexStringLower(hash._hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    void Add(FeatureSchema schema)
    {
        Add([schema.Columns.Length]);
        foreach (var column in schema.Columns)
        {
            Add(column.GetType().Name);
            Add(column.Name);
            AddContent(column);
        }
    }

    void AddContent(ColumnSchema column)
    {
        switch (column)
        {
            case NumericColumnSchema number:
                Add([number.Center]);
                Add<double>(number.MissingValue is { } missing ? [missing] : []);
                break;
            case CategoricalColumnSchema category:
                Add(category.Levels);
                break;
            case IndexedColumnsSchema indexed:
                Add([indexed.IndexBase]);
                Add(indexed.Indices.AsSpan());
                Add(indexed.Centers.AsSpan());
                break;
        }
    }

    void Add(ClassList classes)
    {
        Add(classes.Names);
        Add(classes.Active.AsSpan());
    }

    void Add(FeatureLayout layout)
    {
        Add([layout.DenseCount, layout.SparseCount]);
        Add([.. layout.Coded.SelectMany(column => new[] { (int)column.Kind, column.FirstFeature, column.FeatureCount })]);
        Add(layout.SchemaFeatures.AsSpan());
        Add(layout.Centers.AsSpan());
        if (layout.TrainingFormat != DenseFormat.Full) Add(layout.TrainingFormat.ToString());
    }

    void Add(ShardRows shard)
    {
        Add<int>(shard.SourceRows);
        Add<int>(shard.Labels);
        Add<float>(shard.Weights ?? []);
        if (shard.Dense.Format == DenseFormat.Full) Add<float>(shard.Dense.Values);
        else Add<ushort>(shard.Dense.Halves);
        foreach (var codes in shard.Codes) Add<byte>(codes);
        Add<int>(shard.Sparse.Starts);
        Add<int>(shard.Sparse.Features);
        Add<float>(shard.Sparse.Values ?? []);
    }

    void Add(ImmutableArray<string> names)
    {
        Add([names.Length]);
        foreach (var name in names) Add(name);
    }

    void Add(string text) => Add<byte>(Encoding.UTF8.GetBytes(text));

    void Add<T>(params ReadOnlySpan<T> numbers) where T : unmanaged
    {
        var length = numbers.Length;
        _hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        while (!numbers.IsEmpty)
        {
            var piece = numbers[..Math.Min(PieceElements, numbers.Length)];
            _hash.AppendData(MemoryMarshal.AsBytes(piece));
            numbers = numbers[piece.Length..];
        }
    }
}
