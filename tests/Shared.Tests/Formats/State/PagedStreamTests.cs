using DistTrain.Formats.State;

namespace DistTrain.Shared.Tests.Formats.State;

public class PagedStreamTests
{
    [Theory, InlineData(0), InlineData(1), InlineData((1 << 20) - 1), InlineData(1 << 20), InlineData((1 << 20) + 1), InlineData(3_000_000)]
    public void The_parts_are_what_was_written(int count)
    {
        var bytes = Enumerable.Range(0, count).Select(i => (byte)(i * 31 >> 3)).ToArray();
        using var stream = new PagedStream();
        for (var i = 0; i < count; i += 700_001) stream.Write(bytes.AsSpan(i, Math.Min(700_001, count - i)));

        Assert.Equal(bytes, stream.ToParts().SelectMany(part => part.ToArray()));
        Assert.Equal((count, count), (stream.Length, stream.Position));
    }

    [Fact]
    public void Nothing_but_writing_is_offered()
    {
        using var stream = new PagedStream();

        Assert.Equal((false, false, true), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
    }
}
