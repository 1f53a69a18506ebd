using System.IO.Hashing;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Blocks;

/// <summary>A block as it comes from a stream, counted and hashed on its way to whoever reads it.</summary>
sealed class ArrivingBlock(Stream from, long length)
{
    readonly XxHash128 _hash = new();
    long _left = length;

    /// <summary>As <see cref="BlockFill"/>.</summary>
    public async ValueTask FillAsync(Memory<byte> destination, CancellationToken stop)
    {
        if (destination.Length > _left) throw new EndOfStreamException($"{destination.Length - _left} bytes are missing at its end.");
        while (!destination.IsEmpty)
        {
            var count = await from.ReadAsync(destination, stop);
            if (count == 0) throw new EndOfStreamException($"it broke off {_left} bytes before its end.");
            _hash.Append(destination.Span[..count]); // While it is in the cache.
            destination = destination[count..];
            _left -= count;
        }
    }

    /// <exception cref="InvalidDataException">It is another block, or has more in it than was read.</exception>
    public void MustBe(string hash)
    {
        if (_left != 0) throw new InvalidDataException($"it has {_left} bytes more than its content.");
        var found = Block.TextOf(_hash);
        if (found != hash) throw new InvalidDataException($"the bytes that came have hash {found}.");
    }
}
