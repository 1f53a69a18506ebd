using System.Globalization;
using System.Text;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Samples;

/// <summary>Writes a sample's table: UTF-8, lines end in line feeds, numbers in their shortest round-trip form.</summary>
/// <remarks>Samples have no text that needs quotes.</remarks>
static class SampleWriter
{
    const int BufferChars = 1 << 16;

    /// <summary>Feature columns in order, then the label.</summary>
    public static void WriteCsv(Table table, Stream destination)
    {
        using var writer = WriterTo(destination);
        foreach (var column in table.Columns) writer.Write($"{column.Name},");
        writer.Write($"{table.Label!.Name}\n");
        Span<char> number = stackalloc char[32];
        for (var row = 0; row < table.RowCount; row++)
        {
            foreach (var column in table.Columns)
            {
                if (column is NumericColumn numeric) writer.Write(Formatted(numeric.Values[row], number));
                else writer.Write(TextAt((TextColumn)column, row));
                writer.Write(',');
            }
            writer.Write(TextAt(table.Label, row));
            writer.Write('\n');
        }
    }

    /// <summary>Label, then index:value pairs.</summary>
    public static void WriteLibsvm(Table table, Stream destination)
    {
        using var writer = WriterTo(destination);
        var features = (IndexedColumns)table.Columns[0];
        Span<char> number = stackalloc char[32];
        for (var row = 0; row < table.RowCount; row++)
        {
            writer.Write(TextAt(table.Label!, row));
            for (var i = features.RowStarts[row]; i < features.RowStarts[row + 1]; i++)
            {
                writer.Write(' ');
                writer.Write(Formatted(features.Indices[i], number));
                writer.Write(':');
                writer.Write(Formatted(features.Values[i], number));
            }
            writer.Write('\n');
        }
    }

    static StreamWriter WriterTo(Stream destination) =>
        new(destination, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferChars, leaveOpen: true);

    static string TextAt(TextColumn column, int row) => column.Dictionary[column.Codes[row]];

    static ReadOnlySpan<char> Formatted<T>(T value, Span<char> buffer)
        where T : ISpanFormattable
    {
        value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        return buffer[..length];
    }
}
