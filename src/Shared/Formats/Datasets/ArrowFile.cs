using System.Buffers.Binary;
using System.Collections.Immutable;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// Columns as an Arrow IPC file of one record batch, without nulls or compression, every buffer 64-byte aligned in the file: so a mapped
/// file can be read in place, from any language. Equal columns give equal bytes.
/// </summary>
static class ArrowFile
{
    /// <summary>Longest file: a buffer of Arrow for .NET is addressed in 31 bits; the rest is for what surrounds the numbers.</summary>
    public const long BytesMax = int.MaxValue - (1 << 20);

    const int AlignmentBytes = 64;

    /// <summary>Metadata of the schema whose only use is its length: it moves the batch to where its buffers are aligned.</summary>
    const string PaddingKey = "padding";

    const int MessageHeadBytes = 2 * sizeof(int);

    static ReadOnlySpan<byte> Magic => "ARROW1\0\0"u8;

    /// <summary>Writes one batch; <paramref name="stream"/> must know its position, which is 0.</summary>
    public static void Write(Stream stream, int rowCount, params ImmutableArray<ArrowColumn> columns)
    {
        var head = new HeadStream();
        Write(head, rowCount, columns, padding: 0);
        var beyond = (int)(BatchStart(head.Head) % AlignmentBytes);
        Write(stream, rowCount, columns, beyond == 0 ? 0 : AlignmentBytes - beyond);
    }

    /// <summary>What <paramref name="read"/> makes of the batch of a file, whose numbers it finds in place.</summary>
    /// <param name="refuse">Makes the exception for a sentence about the file.</param>
    /// <exception cref="DistTrainException">What <paramref name="refuse"/> makes.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> file, Func<ArrowTable, T> read, Func<string, DistTrainException> refuse)
    {
        if (!file.Span.StartsWith(Magic)) throw refuse("not an Arrow IPC file");
        try
        {
            // Behind its magic bytes a file is a stream, which can be read without copying.
            using var reader = new ArrowStreamReader(file[Magic.Length..]);
            var batch = reader.ReadNextRecordBatch() ?? throw refuse("there is no record batch in it");
            if (reader.ReadNextRecordBatch() is not null) throw refuse("there is more than one record batch in it");
            var table = new ArrowTable(batch, refuse);
            var content = read(table);
            table.End();
            return content;
        }
        catch (Exception e) when (e is not DistTrainException and not OutOfMemoryException)
        {
            // What a forged structure makes of a reader is not to be foreseen.
            throw refuse($"not an Arrow IPC file that this version can read ({e.Message})");
        }
    }

    static void Write(Stream stream, int rowCount, ImmutableArray<ArrowColumn> columns, int padding)
    {
        var schema = new Schema(
            columns.Select(column => column.Field), [new KeyValuePair<string, string>(PaddingKey, new string(' ', padding))]);
        using var writer = new ArrowFileWriter(stream, schema, leaveOpen: true);
        using var batch = new RecordBatch(schema, columns.Select(column => ArrowArrayFactory.BuildArray(column.Data)), rowCount);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }

    /// <summary>Where the batch's buffers begin: behind the schema's message and its own head.</summary>
    static long BatchStart(ReadOnlySpan<byte> head)
    {
        var batch = Magic.Length + MessageLength(head[Magic.Length..]);
        return batch + MessageLength(head[batch..]);
    }

    static int MessageLength(ReadOnlySpan<byte> message) =>
        MessageHeadBytes + BinaryPrimitives.ReadInt32LittleEndian(message[sizeof(int)..]);

    /// <summary>Keeps the first bytes, which say where the others go, and counts the rest.</summary>
    sealed class HeadStream : CountingStream
    {
        readonly MemoryStream _head = new();

        public ReadOnlySpan<byte> Head => _head.GetBuffer().AsSpan(0, (int)_head.Length);

        protected override void Take(ReadOnlySpan<byte> bytes)
        {
            if (_head.Length < HeadBytes) _head.Write(bytes[..Math.Min(bytes.Length, HeadBytes)]);
        }

        const int HeadBytes = 1 << 20;
    }
}
