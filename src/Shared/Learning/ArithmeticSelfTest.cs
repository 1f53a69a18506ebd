using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using DistTrain.Data.Storage;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>A small fixed piece of arithmetic whose bits must be the same on every machine of a run.</summary>
public static class ArithmeticSelfTest
{
    /// <summary>Full steps of a kernel, and some that are not.</summary>
    const int RowCount = 229;

    const ulong Seed = 20_240_229;

    // Held features: five dense columns, a category of four levels, three bits, six sparse columns.
    static readonly FeatureLayout Layout = new(
        DenseCount: 5,
        Coded: [new CodedColumnLayout(CodeKind.Level, 5, 4), new CodedColumnLayout(CodeKind.Bits, 9, 3)],
        SparseCount: 6,
        SchemaFeatures: [.. Enumerable.Range(0, 18)],
        Centers: [.. Enumerable.Repeat(0f, 18)]);

    /// <summary>
    /// Whether this machine multiplies and adds with one rounding in hardware, on vectors; software would be slow and has had faults.
    /// </summary>
    public static bool IsSupported => (Fma.IsSupported && Avx2.IsSupported) || AdvSimd.Arm64.IsSupported;

    /// <summary>
    /// SHA-256, in lower-case hex, of exp and log over their range and of the sums of both
    /// kernels and of calibration for 2, 3, 5 and 11 classes, under plain and other targets.
    /// </summary>
    public static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddFunctions(hash);
        foreach (var classes in (ReadOnlySpan<int>)[2, 3, 5, 11])
        {
            var shard = ShardOf(classes);
            foreach (var targets in (Targets[])[Targets.Plain, new(0.3, [.. Enumerable.Range(0, classes).Select(k => k + 0.75)])])
            {
                AddSums(hash, EvaluationKind.Gradient, classes, shard, targets);
                AddSums(hash, EvaluationKind.Closing, classes, shard, targets);
                AddSums(hash, EvaluationKind.Calibration, classes, shard, targets);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Evaluates a small shard once in each kind that every run asks for: afterwards its kernels for so many classes, at least 2, are compiled.
    /// </summary>
    public static void Rehearse(int classes)
    {
        var shard = ShardOf(classes);
        SumsOf(EvaluationKind.Gradient, classes, shard, Targets.Plain);
        SumsOf(EvaluationKind.Closing, classes, shard, Targets.Plain);
    }

    static void AddFunctions(IncrementalHash hash)
    {
        for (var i = -800; i <= 800; i++)
        {
            var x = i / 8.0;
            Add(hash, BitConverter.DoubleToInt64Bits(PinnedMath.Exp(x)));
            Add(hash, BitConverter.DoubleToInt64Bits(PinnedMath.Log(1 + x * x)));
            Add(hash, BitConverter.DoubleToInt64Bits(PinnedMath.CosOfTurns(i / 1024.0)));
            Add(hash, BitConverter.DoubleToInt64Bits(PinnedMath.ExpToOne(Vector256.Create(-Math.Abs(x)))[0]));
            Add(hash, BitConverter.SingleToInt32Bits(PinnedMath.ExpToOne(Vector256.Create(-Math.Abs((float)x))).GetElement(0)));
            Add(hash, BitConverter.SingleToInt32Bits(PinnedMath.Log(Vector256.Create((float)(1 + x * x))).GetElement(0)));
        }
    }

    static void AddSums(IncrementalHash hash, EvaluationKind kind, int classes, Shard shard, Targets targets)
    {
        var sums = SumsOf(kind, classes, shard, targets);
        foreach (var sum in sums.Gradient) Add(hash, sum);
        foreach (var sum in (WideInteger[])[sums.Loss, sums.Weight, sums.TrainingWeight, .. Of(sums.Probabilities), .. Of(sums.Calibration)])
        {
            Add(hash, sum.High);
            Add(hash, (long)sum.Low);
        }
    }

    static EvaluationSums SumsOf(EvaluationKind kind, int classes, Shard shard, Targets targets)
    {
        var shape = new ModelShape(classes, Layout.FeatureCount);
        var scales = new Scales(
            [.. Enumerable.Repeat(4.0 * RowCount, shape.FeatureCount)], weightSum: 2 * RowCount, targets.ClassWeightMax);
        var sums = new EvaluationSums(shape, kind);
        new ShardEvaluator(shape, Layout, scales, targets).Evaluate(new EvaluationRequest(kind), PointOf(shape), shard, sums);
        return sums;
    }

    static WideInteger[] Of(ProbabilitySums? sums) => sums is null ? [] : [.. sums.ClassLosses, sums.Brier, .. sums.BinConfidences];

    static WideInteger[] Of(CalibrationSums? sums) => sums is null ? [] : [sums.Loss, sums.Slope, sums.Curvature];

    static EvaluationPoint PointOf(ModelShape shape)
    {
        var random = new CounterRandom(Seed, stream: 1);
        var values = new double[shape.ParameterCount];
        for (var i = 0; i < values.Length; i++) values[i] = (float)random.NextGaussian();
        return new EvaluationPoint(new Parameters(shape, values), Layout);
    }

    static Shard ShardOf(int classes)
    {
        var random = new CounterRandom(Seed, stream: 2);
        var dense = new DenseRows(RowCount, Layout.DenseStride);
        for (var row = 0; row < RowCount; row++)
        {
            for (var d = 0; d < Layout.DenseCount; d++) dense.Row(row)[d] = 2 * (float)random.NextDouble() - 1;
        }
        return new Shard
        {
            Id = new ShardId(0),
            RowCount = RowCount,
            Dense = dense,
            Codes = [.. Layout.Coded.Select(column => Numbers(column.CodeCount).Select(code => (byte)code).ToArray())],
            Sparse = SparseOf(ref random),
            Labels = [.. Numbers(classes)],
            Weights = [.. Numbers(8).Select(eighths => eighths / 8f)],
            SourceRows = [.. Enumerable.Range(0, RowCount)],
        };

        IEnumerable<int> Numbers(int bound)
        {
            var key = random.NextUInt64();
            return Enumerable.Range(0, RowCount).Select(row => (int)(CounterRandom.At(key, 0, (ulong)row) % (ulong)bound));
        }
    }

    /// <summary>Two of the six sparse features in every row, the first three of them with values.</summary>
    static SparseColumns SparseOf(ref CounterRandom random)
    {
        var features = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < RowCount; row++)
        {
            features.Add(random.NextInt32(3));
            features.Add(3 + random.NextInt32(3));
            values.Add(2 * (float)random.NextDouble() - 1);
            values.Add(1);
        }
        var starts = Enumerable.Range(0, RowCount + 1).Select(row => 2 * row).ToArray();
        return SparseColumnsBuilder.Build(RowCount, starts, features.ToArray(), values.ToArray(), Layout.SparseCount);
    }

    static void Add(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
