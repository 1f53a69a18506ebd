using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Libsvm;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data.Tables.Libsvm;

public sealed class ByteLinesTests
{
    [Fact]
    public void A_file_whose_first_bytes_cannot_be_read_is_closed()
    {
        var whole = new MemoryFile("a", "1 1:1\n").Gzipped();
        using var file = new WatchedFile(whole.Bytes[..^3]);

        Assert.Throws<DistTrainException>(() => new ByteLines(file, System.Text.Encoding.UTF8));

        Assert.False(file.Stream.CanRead);
    }

    sealed class WatchedFile(byte[] bytes) : IInputFile, IDisposable
    {
        public MemoryStream Stream { get; } = new(bytes);

        public string Name => "a";

        public Stream Open() => Stream;

        public void Dispose() => Stream.Dispose();
    }
}
