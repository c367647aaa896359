/** The device that a sheet shows: loading, and changes with the entity tag. Its tabs share it. */
import type { Device } from '../../../../system/management-plane/api/routes/devices/schema.ts';
import { api } from '../../lib/api/client.ts';
import { ApiError } from '../../lib/api/problem.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { guardEdits } from '../../lib/state/guard-edits.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import { formatMac, titleOfDevice } from '../../domains/devices/title-of-device.ts';

export class DeviceDetail {
  readonly mac: string;
  #device = $state.raw<Device | undefined>();
  #error = $state.raw<unknown>();
  #hasConflict = $state(false);
  /** Of the state that edits are based on. */
  #etag: string | undefined;
  #hasEdits: () => boolean = () => false;
  readonly #onchanged: () => void;

  /** `onchanged` is told of every change made here, also of one that was undone. */
  constructor(mac: string, onchanged: () => void) {
    this.mac = mac;
    this.#onchanged = onchanged;
  }

  get device(): Device | undefined {
    return this.#device;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Someone else changed the device meanwhile: the newest values are here, nothing was saved. */
  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  /** Path of the device in the API, with what comes behind it. */
  path(rest = ''): string {
    return `/devices/${encodeURIComponent(this.mac)}${rest}`;
  }

  /**
   * To be called when a tab is mounted that edits: nobody leaves it without being asked, and what
   * someone else saves in between is a conflict and not overwritten. The answer ends that.
   */
  guard(hasEdits: () => boolean): () => void {
    this.#hasEdits = hasEdits;
    const stop = guardEdits(() => hasEdits());
    return () => {
      this.#hasEdits = () => false;
      stop();
    };
  }

  async load(isForConflict = false): Promise<void> {
    try {
      const reply = await api.request<Device>('GET', this.path());
      this.#device = reply.data;
      if (isForConflict || !this.#hasEdits()) {
        this.#etag = reply.etag;
      }
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
  }

  /**
   * Puts the device with this MAC in the place of this one, which is then gone. Resolves false when
   * someone else changed this one meanwhile; throws `ApiError` otherwise.
   */
  async replace(by: string): Promise<boolean> {
    try {
      const { data, revision } = await api.request<Device>('POST', this.path('/replace'), {
        body: { mac: by },
        ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
      });
      const told = t('devices.replace.done', {
        name: titleOfDevice(data),
        mac: formatMac(data.mac),
      });
      tellChange(told, revision, this.#onchanged);
      this.#onchanged();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        await this.load(true);
        return false;
      }
      throw error;
    }
  }

  /**
   * Saves fields and settings as `PATCH /devices/{mac}` takes them. Resolves false when someone else
   * was faster; throws `ApiError` otherwise.
   */
  async change(changes: Readonly<Record<string, unknown>>): Promise<boolean> {
    this.#hasConflict = false;
    try {
      const reply = await api.request<Device>('PATCH', this.path(), {
        body: changes,
        ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
      });
      this.#device = reply.data;
      this.#etag = reply.etag;
      tellChange(t('devices.saved', { name: titleOfDevice(reply.data) }), reply.revision, () => {
        void this.load();
        this.#onchanged();
      });
      this.#onchanged();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        await this.load(true);
        this.#hasConflict = true;
        return false;
      }
      throw error;
    }
  }
}
