using System.Buffers.Binary;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Protocol.Wire;

namespace DistTrain.Protocol.Blocks;

/// <summary>What stands before the arrays of sums: of what they are, and all that is a single number.</summary>
/// <remarks>
///   0   4 bytes "DTS1"   4   1 byte, kind   5   1 byte, 1: not finite   6   2 zeros   8   16 bytes, shape
///   24  8 bytes, rows   32   8 bytes, impossible rows   40   4 bytes, touched features   44   4 zeros
///   48  16 bytes each: loss, weight, training weight, entropy
/// </remarks>
static class SumsHeader
{
    public const int Bytes = 112;

    const int KindAt = 4;
    const int NonFiniteAt = 5;
    const int ShapeAt = 8;
    const int RowsAt = 24;
    const int ImpossibleRowsAt = 32;
    const int TouchedAt = 40;
    const int ScalarsAt = 48;
    const int ScalarBytes = 16;

    static ReadOnlySpan<byte> Magic => "DTS1"u8;

    /// <param name="touchedCount">Features of which there are touched sums; 0 where there are none.</param>
    public static byte[] Of(EvaluationSums sums, int touchedCount)
    {
        var header = new byte[Bytes];
        Magic.CopyTo(header);
        header[KindAt] = (byte)sums.Kind;
        header[NonFiniteAt] = sums.NonFinite ? (byte)1 : (byte)0;
        BlockShape.Write(header.AsSpan(ShapeAt), sums.Shape);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(RowsAt), sums.RowCount);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(ImpossibleRowsAt), sums.ImpossibleRowCount);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(TouchedAt), touchedCount);
        WriteScalar(header, 0, sums.Loss);
        WriteScalar(header, 1, sums.Weight);
        WriteScalar(header, 2, sums.TrainingWeight);
        WriteScalar(header, 3, sums.Entropy);
        return header;
    }

    /// <summary>The number of touched features.</summary>
    /// <exception cref="WireException">It is no header of sums of this shape and kind.</exception>
    public static int Require(ReadOnlySpan<byte> header, ModelShape shape, EvaluationKind kind)
    {
        if (!header.StartsWith(Magic)) throw new WireException("A block does not begin as sums do.");
        if (header[KindAt] != (byte)kind)
            throw new WireException($"A block has sums of kind {header[KindAt]}; expected {kind}, {(byte)kind}.");
        BlockShape.Require(header[ShapeAt..], shape);
        if (header[NonFiniteAt] > 1 || header[6..8].ContainsAnyExcept((byte)0) || header[44..48].ContainsAnyExcept((byte)0))
            throw new WireException("The header of sums has numbers in it that this version does not know.");
        if (BinaryPrimitives.ReadInt64LittleEndian(header[RowsAt..]) < 0
            || BinaryPrimitives.ReadInt64LittleEndian(header[ImpossibleRowsAt..]) < 0)
        {
            throw new WireException("A block has sums over a negative number of rows.");
        }
        var touchedCount = BinaryPrimitives.ReadInt32LittleEndian(header[TouchedAt..]);
        var touchedMax = kind == EvaluationKind.Batch ? shape.SparseCount : 0;
        return touchedCount >= 0 && touchedCount <= touchedMax
            ? touchedCount
            : throw new WireException($"A block has sums of {touchedCount} touched features; there are at most {touchedMax}.");
    }

    /// <summary>Sets what the header says in <paramref name="sums"/>.</summary>
    public static void ReadInto(ReadOnlySpan<byte> header, EvaluationSums sums)
    {
        sums.NonFinite = header[NonFiniteAt] != 0;
        sums.RowCount = BinaryPrimitives.ReadInt64LittleEndian(header[RowsAt..]);
        sums.ImpossibleRowCount = BinaryPrimitives.ReadInt64LittleEndian(header[ImpossibleRowsAt..]);
        sums.Loss = ReadScalar(header, 0);
        sums.Weight = ReadScalar(header, 1);
        sums.TrainingWeight = ReadScalar(header, 2);
        sums.Entropy = ReadScalar(header, 3);
    }

    static void WriteScalar(Span<byte> header, int index, WideInteger value)
    {
        var scalar = header.Slice(ScalarsAt + index * ScalarBytes, ScalarBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(scalar, value.Low);
        BinaryPrimitives.WriteInt64LittleEndian(scalar[sizeof(ulong)..], value.High);
    }

    static WideInteger ReadScalar(ReadOnlySpan<byte> header, int index)
    {
        var scalar = header.Slice(ScalarsAt + index * ScalarBytes, ScalarBytes);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(scalar), BinaryPrimitives.ReadInt64LittleEndian(scalar[sizeof(ulong)..]));
    }
}
