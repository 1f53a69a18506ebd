using System.Text;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Tables;

/// <summary>A file that begins with some lines and then repeats a piece for ever; made while it is read.</summary>
sealed class EndlessFile(string start, string piece) : IInputFile
{
    public string Name => "endless.txt";

    /// <summary>Bytes read from it so far, in the opening that read most.</summary>
    public long BytesGiven { get; private set; }

    public Stream Open() => new EndlessStream(this, Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(piece));

    sealed class EndlessStream(EndlessFile file, byte[] start, byte[] piece) : MemoryStream
    {
        long _given;

        public override int Read(Span<byte> buffer)
        {
            for (var i = 0; i < buffer.Length; i++, _given++)
                buffer[i] = _given < start.Length ? start[_given] : piece[(_given - start.Length) % piece.Length];
            file.BytesGiven = Math.Max(file.BytesGiven, _given);
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
