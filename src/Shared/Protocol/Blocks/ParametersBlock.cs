using DistTrain.Learning;
using DistTrain.Protocol.Wire;

namespace DistTrain.Protocol.Blocks;

/// <summary>
/// Parameters as a block: a header of 32 bytes, the weights [K, D], the intercepts [K] as float64. The weights of a trial point are numbers
/// of 32 bits, and travel as float32; where one is not, all are float64. Every bit comes back.
/// </summary>
/// <remarks>
///   0   4 bytes "DTP1"     4   1 byte, bytes of a weight: 4 or 8     5   3 zeros     8   16 bytes, shape     24   8 zeros
/// </remarks>
public static class ParametersBlock
{
    const int HeaderBytes = 32;
    const int WeightBytesAt = 4;
    const int ShapeAt = 8;

    /// <summary>Floats that are read before they are widened to where they belong.</summary>
    const int PieceNumbers = 1 << 16;

    static ReadOnlySpan<byte> Magic => "DTP1"u8;

    /// <summary>A block of <paramref name="parameters"/>, whose memory it refers to: they are not written again.</summary>
    public static Block Encode(Parameters parameters)
    {
        var shape = parameters.Shape;
        var weightCount = WeightCount(shape);
        ReadOnlyMemory<double> values = parameters.Values;
        var floats = FloatNumbers.TryNarrow(values.Span[..weightCount]);

        IEnumerable<ReadOnlyMemory<byte>> pieces =
        [
            Header(shape, floats is null ? sizeof(double) : sizeof(float)),
            .. floats is null ? ArrayBytes<double>.Of(values[..weightCount]) : ArrayBytes<float>.Of((ReadOnlyMemory<float>)floats),
            .. ArrayBytes<double>.Of(values[weightCount..]),
        ];
        return new Block([.. pieces]);
    }

    /// <summary>Reads a block of <paramref name="length"/> bytes, straight to where its numbers belong.</summary>
    /// <exception cref="WireException">It is no block of parameters of this shape, known before memory is taken.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public static async ValueTask<Parameters> ReadAsync(long length, BlockFill fill, ModelShape shape, CancellationToken stop)
    {
        var weightBytes = await ReadHeaderAsync(length, fill, shape, stop);
        var values = GC.AllocateUninitializedArray<double>(shape.ParameterCount);
        var weights = values.AsMemory(0, WeightCount(shape));
        if (weightBytes == sizeof(float)) await ReadFloatsAsync(weights, fill, stop);
        else await FillAsync(weights, fill, stop);
        await FillAsync(values.AsMemory(weights.Length), fill, stop);
        return new Parameters(shape, values);
    }

    static int WeightCount(ModelShape shape) => shape.ParameterCount - shape.ClassCount;

    static long LengthOf(ModelShape shape, int weightBytes) =>
        HeaderBytes + (long)WeightCount(shape) * weightBytes + (long)shape.ClassCount * sizeof(double);

    static ReadOnlyMemory<byte> Header(ModelShape shape, int weightBytes)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        header[WeightBytesAt] = (byte)weightBytes;
        BlockShape.Write(header.AsSpan(ShapeAt), shape);
        return header;
    }

    static async ValueTask<int> ReadHeaderAsync(long length, BlockFill fill, ModelShape shape, CancellationToken stop)
    {
        if (length < HeaderBytes) throw new WireException($"A block of {length} bytes has no room for the header of parameters.");
        var header = new byte[HeaderBytes];
        await fill(header, stop);

        if (!header.AsSpan().StartsWith(Magic)) throw new WireException("A block does not begin as parameters do.");
        BlockShape.Require(header.AsSpan(ShapeAt), shape);
        var weightBytes = (int)header[WeightBytesAt];
        if (!header.AsSpan().SequenceEqual(Header(shape, weightBytes).Span) || weightBytes is not (sizeof(float) or sizeof(double)))
            throw new WireException("The header of parameters has numbers in it that this version does not know.");
        if (length != LengthOf(shape, weightBytes))
            throw new WireException($"A block of parameters has {length} bytes; {shape} takes {LengthOf(shape, weightBytes)}.");
        return weightBytes;
    }

    static async ValueTask ReadFloatsAsync(Memory<double> weights, BlockFill fill, CancellationToken stop)
    {
        var piece = new float[Math.Min(weights.Length, PieceNumbers)];
        for (var first = 0; first < weights.Length; first += PieceNumbers)
        {
            var floats = piece.AsMemory(0, Math.Min(PieceNumbers, weights.Length - first));
            await FillAsync(floats, fill, stop);
            FloatNumbers.Widen(floats.Span, weights.Span[first..]);
        }
    }

    static async ValueTask FillAsync<T>(Memory<T> numbers, BlockFill fill, CancellationToken stop)
        where T : unmanaged
    {
        foreach (var bytes in ArrayBytes<T>.Of(numbers)) await fill(bytes, stop);
    }
}
