using System.Buffers.Binary;
using DistTrain.Learning;
using DistTrain.Protocol.Wire;

namespace DistTrain.Protocol.Blocks;

/// <summary>The shape of a model as it stands in the header of a block: four numbers of 32 bits.</summary>
static class BlockShape
{
    public const int Bytes = 4 * sizeof(int);

    public static void Write(Span<byte> destination, ModelShape shape)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, shape.ClassCount);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], shape.FeatureCount);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], shape.InactiveClassCount);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], shape.SparseCount);
    }

    /// <exception cref="WireException">It is another than <paramref name="expected"/>.</exception>
    public static void Require(ReadOnlySpan<byte> source, ModelShape expected)
    {
        var found = new ModelShape(
            BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]));
        if (found != expected) throw new WireException($"A block is of {found}; expected {expected}.");
    }
}
