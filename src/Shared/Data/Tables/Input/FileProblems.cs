using DistTrain.Problems;

namespace DistTrain.Data.Tables.Input;

/// <summary>What is wrong with an input file as a whole: DT40xx.</summary>
/// <remarks>DT4001 and DT4002, files that are not there or cannot be opened, belong to whoever opens them.</remarks>
static class FileProblems
{
    /// <summary>Most characters (bytes, for LIBSVM) of a line, or of a quoted record.</summary>
    public const int LineMax = 16 << 20;

    public static Problem Empty(string file) =>
        Of("DT4011", file, null, $"{file} is empty", "expected: a header line and at least one row, or LIBSVM lines",
            "fix: write rows into it, or name another file");

    public static Problem NoRows(string file) =>
        Of("DT4003", file, null, $"{file} holds no rows", "expected: at least one row", "fix: write rows into it, or name another file");

    public static Problem Unreadable(string file, FileSignature signature) =>
        Of("DT4004", file, null, $"{file} is {signature.Name}, which is not supported yet",
            "expected: CSV, TSV or LIBSVM text, plain or gzip", signature.Fix);

    public static Problem NotText(string file) =>
        Of("DT4005", file, null, $"{file} is not text: it holds zero bytes",
            "expected: CSV, TSV or LIBSVM text, plain or gzip", "fix: --encoding utf-16 if it is UTF-16 without a byte order mark");

    public static Problem BadEncoding(string file, long line, long column, string encoding) =>
        Of("DT4006", file, line, $"{file}:{line}:{column}: these bytes are not {encoding}",
            $"expected: text in {encoding}", "fix: --encoding latin-1, or the name of its encoding");

    public static Problem DamagedGzip(string file) =>
        Of("DT4007", file, null, $"{file} is damaged gzip, or cut short", "expected: whole gzip members and nothing after them",
            "fix: fetch or pack the file again");

    public static Problem LineTooLong(string file, long line) =>
        Of("DT4008", file, line, $"{file}:{line}: the line is longer than 16 MiB",
            "expected: one row a line, of at most 16 MiB",
            "fix: check the line ends; in CSV, a quote that is never closed makes one line of many");

    public static Problem Changed(string file) =>
        Of("DT4009", file, null, $"{file} was changed while it was read", "fix: start again when it no longer changes");

    public static Problem OtherThanModel(string file, string found, string expected) =>
        Of("DT4010", file, null, $"{file} is {found}, but the model was trained on {expected}", $"expected: {expected}",
            $"fix: write the rows as {expected}, or name a model that was trained on {found}");

    public static Problem CarriageReturns(string file) =>
        Of("DT4012", file, null, $"{file} has no line feeds: its lines end in carriage returns alone",
            "expected: lines that end in LF or CR LF", $"fix: tr '\\r' '\\n' < {file}, into another file");

    static Problem Of(string code, string file, long? line, string message, params string[] details) =>
        new(code, ExitCode.Input, message, details) { File = file, Line = line };
}
