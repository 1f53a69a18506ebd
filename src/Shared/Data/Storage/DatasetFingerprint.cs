using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Schema;
using DistTrain.Numerics;

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
    /// <param name="trainingHashes">Of each training shard <see cref="HashOf"/>.</param>
    /// <param name="validationHashes">The same of the validation shards.</param>
    public static string Of(
        FeatureSchema schema, ClassList classes, FeatureLayout layout, ulong seed, byte[][] trainingHashes, byte[][] validationHashes)
    {
        using var fingerprint = new DatasetFingerprint();
        fingerprint.Add(Format);
        fingerprint.Add([seed]);
        fingerprint.Add(schema);
        fingerprint.Add(classes);
        fingerprint.Add(layout);
        fingerprint.Add<byte>([.. trainingHashes.SelectMany(hash => hash)]);
        fingerprint.Add<byte>([.. validationHashes.SelectMany(hash => hash)]);
        return Convert.ToHexStringLower(fingerprint._hash.GetHashAndReset());
    }

    /// <summary>The same of shards whose rows are had when they are asked for; no more of them at once than there are threads.</summary>
    public static string Of(
        FeatureSchema schema, ClassList classes, FeatureLayout layout, ulong seed, int trainingCount, int validationCount,
        Func<DatasetPart, ShardId, ShardRows> rowsOf, IParallelFor parallel)
    {
        return Of(schema, classes, layout, seed, HashesOf(DatasetPart.Training, trainingCount), HashesOf(DatasetPart.Validation, validationCount));

        byte[][] HashesOf(DatasetPart part, int shardCount)
        {
            var hashes = new byte[shardCount][];
            parallel.Run(shardCount, shard => hashes[shard] = HashOf(rowsOf(part, new ShardId(shard))));
            return hashes;
        }
    }

    /// <summary>The hash of a shard's rows.</summary>
    public static byte[] HashOf(ShardRows rows)
    {
        using var hash = new DatasetFingerprint();
        hash.Add(rows);
        return hash._hash.GetHashAndReset();
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
