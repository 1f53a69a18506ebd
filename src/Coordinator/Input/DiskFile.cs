using DistTrain.Data.Tables;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using Microsoft.Win32.SafeHandles;

namespace DistTrain.Coordinator.Input;

/// <summary>An input file on disk. Reading it ends when the user wants to stop.</summary>
sealed class DiskFile(string typed, CliEnvironment environment) : IInputFile
{
    public string Name => typed;

    public Stream Open()
    {
        try
        {
            var file = new StoppableFile(typed, environment);
            if (file.CanSeek) return file;

            file.Dispose();
            throw ReadOnce(typed).AsException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(typed, e);
        }
    }

    public IRandomAccess OpenRandomAccess()
    {
        try
        {
            return new RandomFile(typed, environment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(typed, e);
        }
    }

    static DistTrainException Unreadable(string typed, Exception e) =>
        (new Problem("DT4002", ExitCode.Input, $"{typed}: cannot be read ({e.Message})") { File = typed }).AsException(e);

    /// <summary>A pipe: detection would take away what the reading then lacks.</summary>
    static Problem ReadOnce(string typed) =>
        new("DT4013", ExitCode.Input, $"{typed} is not a file that can be read twice", "expected: a file, not a pipe",
            "fix: write it to a file first; gzip files are read directly")
        {
            File = typed,
        };

    sealed class StoppableFile(string typed, CliEnvironment environment)
        : FileStream(environment.FullPath(typed), FileMode.Open, FileAccess.Read,
            FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan)
    {
        // FileStream sends a derived class's other reads through this one.
        public override int Read(byte[] buffer, int offset, int count)
        {
            environment.Stop.Token.ThrowIfCancellationRequested();
            try
            {
                return base.Read(buffer, offset, count);
            }
            catch (IOException e)
            {
                throw Unreadable(typed, e);
            }
        }

        public override int ReadByte()
        {
            var one = new byte[1];
            return Read(one, 0, 1) == 0 ? -1 : one[0];
        }
    }

    sealed class RandomFile(string typed, CliEnvironment environment) : IRandomAccess
    {
        readonly SafeFileHandle _handle = File.OpenHandle(environment.FullPath(typed));

        public long Length => RandomAccess.GetLength(_handle);

        public int Read(long offset, Span<byte> buffer)
        {
            environment.Stop.Token.ThrowIfCancellationRequested();
            try
            {
                var total = 0;
                while (total < buffer.Length && RandomAccess.Read(_handle, buffer[total..], offset + total) is > 0 and var read) total += read;
                return total;
            }
            catch (IOException e)
            {
                throw Unreadable(typed, e);
            }
        }

        public void Dispose() => _handle.Dispose();
    }
}
