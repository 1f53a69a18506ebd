using DistTrain.Protocol.Blocks;

namespace DistTrain.Shared.Tests.Protocol.Blocks;

public sealed class ArrayBytesTests
{
    [Fact]
    public void Bytes_are_those_of_the_array_itself()
    {
        long[] numbers = [1, 2, 3, 4];
        var bytes = Assert.Single(ArrayBytes<long>.Of(numbers.AsMemory(1, 2)));

        bytes.Span[0] = 7;

        Assert.Equal(16, bytes.Length);
        Assert.Equal([1, 7, 3, 4], numbers);
    }

    [Fact]
    public void No_numbers_are_no_bytes() => Assert.Empty(ArrayBytes<long>.Of(Memory<long>.Empty));

    /// <summary>Sockets pin what they read into, and arrays of 128-bit integers are not pinned by every way of doing so.</summary>
    [Fact]
    public unsafe void Pinned_bytes_are_at_the_place_of_their_numbers()
    {
        Int128[] numbers = [1, 2, 3];
        var bytes = Assert.Single(ArrayBytes<Int128>.Of(numbers.AsMemory(1)))[16..];

        using (var pin = bytes.Pin())
        {
            *(Int128*)pin.Pointer = 9;
        }

        Assert.Equal([1, 2, 9], numbers);
    }
}
