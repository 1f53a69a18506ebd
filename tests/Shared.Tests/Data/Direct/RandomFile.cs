using System.Text;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Direct;

/// <summary>A file in memory that can be read at any offset.</summary>
sealed record RandomFile(string Name, byte[] Bytes) : IInputFile
{
    public RandomFile(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }

    public Stream Open() => new MemoryStream(Bytes, writable: false);

    public IRandomAccess OpenRandomAccess() => new Opened(Bytes);

    sealed class Opened(byte[] bytes) : IRandomAccess
    {
        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var rest = bytes.AsSpan((int)Math.Min(offset, bytes.Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return rest.Length;
        }

        public void Dispose()
        {
        }
    }
}
