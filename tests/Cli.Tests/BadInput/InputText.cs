using System.Globalization;
using System.Text;

namespace DistTrain.Cli.Tests.BadInput;

/// <summary>One line of an input file as a transcript writes it; it ends in a line feed unless it ends in a backslash.</summary>
/// <remarks>
/// <c>\r</c>, <c>\t</c> and <c>\\</c> as usual; <c>\xE9</c> is that byte; <c>\{red,1,*300}</c> is the text before the star 300 times,
/// a <c>#</c> in it being the number of the repetition, from 1, and a <c>\n</c> a line end. Repetitions go to the file piece by piece.
/// </remarks>
static class InputText
{
    public static void WriteTo(Stream file, string line)
    {
        var at = 0;
        while (at < line.Length)
        {
            var next = line.IndexOf('\\', at);
            file.Write(Encoding.UTF8.GetBytes(line[at..(next < 0 ? line.Length : next)]));
            if (next < 0) break;
            if (next == line.Length - 1) return;
            at = WriteEscape(file, line, next + 1);
        }
        file.WriteByte((byte)'\n');
    }

    /// <summary>Writes what stands behind a backslash; the place behind it.</summary>
    static int WriteEscape(Stream file, string line, int at)
    {
        switch (line[at])
        {
            case 'r': file.WriteByte((byte)'\r'); return at + 1;
            case 't': file.WriteByte((byte)'\t'); return at + 1;
            case '\\': file.WriteByte((byte)'\\'); return at + 1;
            case 'x': file.WriteByte(byte.Parse(line.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)); return at + 3;
            case '{':
                var end = line.IndexOf('}', at);
                Repeat(file, line[(at + 1)..end]);
                return end + 1;
            default: throw new FormatException($"\\{line[at]} is no escape.");
        }
    }

    static void Repeat(Stream file, string text)
    {
        var star = text.LastIndexOf('*');
        var (piece, count) = (
            text[..star].Replace("\\n", "\n", StringComparison.Ordinal), int.Parse(text[(star + 1)..], CultureInfo.InvariantCulture));
        var plain = Encoding.UTF8.GetBytes(piece);
        var isNumbered = piece.Contains('#', StringComparison.Ordinal);
        for (var i = 1; i <= count; i++) file.Write(isNumbered ? Encoding.UTF8.GetBytes(Numbered(piece, i)) : plain);
    }

    static string Numbered(string piece, int number) =>
        piece.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
