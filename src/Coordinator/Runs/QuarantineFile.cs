using System.Text.Json;
using DistTrain.Coordinator.Output;
using DistTrain.Data.Tables.Malformed;

namespace DistTrain.Coordinator.Runs;

/// <summary>
/// bad-rows.jsonl: the rows that were left out, one JSON object a line with place, code, reason and the row as written. Rows are met
/// before there is a run folder, so they wait in a temporary file.
/// </summary>
sealed class QuarantineFile : IDisposable
{
    public const string Name = "bad-rows.jsonl";

    readonly string _temporary = Path.Combine(Path.GetTempPath(), $"disttrain-{Guid.NewGuid():N}.tmp");
    FileStream? _file;

    public void Take(BadRow row)
    {
        _file ??= new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using (var json = new Utf8JsonWriter(_file, JsonLines.OneLine))
        {
            json.WriteStartObject();
            json.WriteString("file", row.Problem.File);
            if (row.Problem.Line is { } line) json.WriteNumber("line", line);
            json.WriteString("code", row.Problem.Code);
            json.WriteString("reason", row.Problem.Message);
            json.WriteString("row", row.Text);
            json.WriteEndObject();
        }
        _file.Write("\n"u8);
    }

    /// <summary>Writes what there is into a run folder; nothing where there is nothing.</summary>
    public void SaveTo(RunFolder folder)
    {
        if (_file is null) return;
        _file.Position = 0;
        AtomicFile.Write(folder.QuarantinePath, _file.CopyTo);
    }

    public void Dispose() => _file?.Dispose();
}
