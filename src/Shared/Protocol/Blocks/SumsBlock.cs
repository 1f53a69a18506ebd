using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;
using DistTrain.Protocol.Wire;

namespace DistTrain.Protocol.Blocks;

/// <summary>
/// Exact sums as a block: <see cref="SumsHeader"/>, then the arrays that sums of the kind have, as they lie in memory: gradient, touched
/// sums, confusion, moves, probabilities, ranking, calibration, touched features.
/// </summary>
public static class SumsBlock
{
    const int CalibrationCount = 4;

    /// <summary>A block of <paramref name="sums"/>, whose memory it refers to: they are handed over and not written again.</summary>
    public static Block Encode(EvaluationSums sums)
    {
        return new Block([.. PiecesOf(sums)]);
    }

    /// <summary>Whether two sums are the same to the last bit, all that a block has of them.</summary>
    public static bool AreEqual(EvaluationSums a, EvaluationSums b) =>
        a.Shape == b.Shape && a.Kind == b.Kind
        && PiecesOf(a).Zip(PiecesOf(b)).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));

    static IEnumerable<ReadOnlyMemory<byte>> PiecesOf(EvaluationSums sums)
    {
        var touched = sums.Touched?.Settled() ?? default;
        return
        [
            SumsHeader.Of(sums, touched.Features.Length),
            .. Bytes<long>(sums.Gradient),
            .. ArrayBytes<long>.Of(touched.Sums),
            .. Bytes<WideInteger>(sums.Confusion),
            .. Bytes<long>(sums.Moves),
            .. ArraysOf(sums.Probabilities).SelectMany(Bytes<WideInteger>),
            .. sums.Probabilities is { } probabilities ? Bytes<WideInteger>([probabilities.Brier]) : [],
            .. Bytes<long>(sums.Ranking?.Weights ?? []),
            .. Bytes<WideInteger>(sums.Calibration?.ToArray() ?? []),
            .. ArrayBytes<int>.Of(touched.Features),
        ];
    }

    /// <summary>Reads a block of <paramref name="length"/> bytes, straight to where its numbers belong.</summary>
    /// <exception cref="WireException">It is no block of sums of this shape and kind, known before memory is taken.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public static async ValueTask<EvaluationSums> ReadAsync(
        long length, BlockFill fill, ModelShape shape, EvaluationKind kind, CancellationToken stop)
    {
        if (length < SumsHeader.Bytes) throw new WireException($"A block of {length} bytes has no room for the header of sums.");
        var header = new byte[SumsHeader.Bytes];
        await fill(header, stop);
        var touchedCount = SumsHeader.Require(header, shape, kind);
        if (length != LengthOf(shape, kind, touchedCount))
            throw new WireException($"A block of sums has {length} bytes; {kind} of {shape} takes {LengthOf(shape, kind, touchedCount)}.");

        var sums = new EvaluationSums(shape, kind);
        SumsHeader.ReadInto(header, sums);
        await FillAsync(sums, touchedCount, fill, stop);
        return sums;
    }

    static async ValueTask FillAsync(EvaluationSums sums, int touchedCount, BlockFill fill, CancellationToken stop)
    {
        var touched = touchedCount > 0 ? sums.Touched!.Reset(touchedCount) : default;
        await FillAsync<long>(sums.Gradient, fill, stop);
        await FillAsync(touched.Sums, fill, stop);
        await FillAsync<WideInteger>(sums.Confusion, fill, stop);
        await FillAsync<long>(sums.Moves, fill, stop);
        foreach (var array in ArraysOf(sums.Probabilities)) await FillAsync<WideInteger>(array, fill, stop);
        await FillAsync(sums.Probabilities, fill, stop);
        await FillAsync<long>(sums.Ranking?.Weights, fill, stop);
        await FillAsync(sums.Calibration, fill, stop);
        await FillAsync(touched.Features, fill, stop);
        RequireAscending(touched.Features.Span, sums.Shape.SparseCount);
    }

    static async ValueTask FillAsync(ProbabilitySums? probabilities, BlockFill fill, CancellationToken stop)
    {
        if (probabilities is null) return;
        var brier = new WideInteger[1];
        await FillAsync<WideInteger>(brier, fill, stop);
        probabilities.Brier = brier[0];
    }

    static async ValueTask FillAsync(CalibrationSums? calibration, BlockFill fill, CancellationToken stop)
    {
        if (calibration is null) return;
        var numbers = new WideInteger[CalibrationCount];
        await FillAsync<WideInteger>(numbers, fill, stop);
        calibration.Set(numbers);
    }

    static async ValueTask FillAsync<T>(Memory<T> numbers, BlockFill fill, CancellationToken stop)
        where T : unmanaged
    {
        foreach (var bytes in ArrayBytes<T>.Of(numbers)) await fill(bytes, stop);
    }

    static IEnumerable<ReadOnlyMemory<byte>> Bytes<T>(T[] numbers)
        where T : unmanaged => ArrayBytes<T>.Of((ReadOnlyMemory<T>)numbers);

    static WideInteger[][] ArraysOf(ProbabilitySums? probabilities) => probabilities is null
        ? []
        :
        [
            probabilities.TopWeights, probabilities.ClassLosses,
            probabilities.BinWeights, probabilities.BinConfidences, probabilities.BinHits,
        ];

    /// <summary>Bytes of the block of <paramref name="sums"/>.</summary>
    public static long LengthOf(EvaluationSums sums) => LengthOf(sums.Shape, sums.Kind, sums.Touched?.Features.Length ?? 0);

    /// <summary>Bytes of a block, by the lengths of the arrays that <see cref="EvaluationSums"/> would make.</summary>
    static long LengthOf(ModelShape shape, EvaluationKind kind, int touchedCount)
    {
        const int Wide = 16;
        long classCount = shape.ClassCount;
        var gradientFeatures = kind == EvaluationKind.Batch && shape.SparseCount > 0 ? shape.SparseFirst : shape.FeatureCount;
        var length = (long)SumsHeader.Bytes;
        if (kind.HasGradient()) length += (gradientFeatures + 1L) * shape.FreeClassCount * sizeof(long);
        length += touchedCount * ((long)shape.FreeClassCount * sizeof(long) + sizeof(int));
        if (kind.HasConfusion()) length += (shape.ObservedClassCount * classCount + ProbabilitySums.NumberCount(shape.ClassCount)) * Wide;
        if (kind == EvaluationKind.Online) length += (long)shape.ParameterCount * sizeof(long);
        if (kind == EvaluationKind.Ranking) length += (long)RankingSums.NumberCount(shape.ClassCount) * sizeof(long);
        if (kind == EvaluationKind.Calibration) length += CalibrationCount * Wide;
        return length;
    }

    static void RequireAscending(ReadOnlySpan<int> features, int featureCount)
    {
        var last = -1;
        foreach (var feature in features)
        {
            if (feature <= last || feature >= featureCount)
                throw new WireException($"Touched feature {feature} after {last}: expected ascending, below {featureCount}.");
            last = feature;
        }
    }
}
